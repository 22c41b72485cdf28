"""Schedules as sentences."""
