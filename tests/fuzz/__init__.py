"""Schemathesis against a real API process: whatever the OpenAPI document allows or forbids, sent and judged."""
