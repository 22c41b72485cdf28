"""Pages rendered by the server; they call what the routers call."""
