"""Hostile values wherever the OpenAPI document takes any: refused, no 5xx, nothing stored, nothing repeated."""
