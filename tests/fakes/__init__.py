"""Providers that answer as they are told: shipped classes, spoken to over real sockets."""
