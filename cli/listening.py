"""Serving the API with uvicorn on a socket of ours."""

import errno
import signal
import socket

import typer

from cli.words import greet, stop
from core.collector import calm

# Requests under way may end before the process does.
GRACE_SECONDS = 15
BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket, or end the command and say why there is none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        stop(refusal(host, port, error))


def refusal(host: str, port: int, error: OSError) -> str:
    """Say why nothing can listen there, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use; choose another one with --port (`make up PORT={port + 1}`)"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by you; take one above 1023"
    return f"cannot listen on {host}, port {port}: {error.strerror or error}"


def serve(listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished."""
    import uvicorn

    config = uvicorn.Config(
        "api.app:app",
        # The application writes a line per request itself, with its id.
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_SECONDS,
        server_header=False,
        # `routers.clients` reads them, from proxies that we trust; uvicorn would believe whoever sits on this machine.
        proxy_headers=False,
        lifespan="on",
    )
    host, port, *_ = listener.getsockname()
    greet(f"The API listens on http://{f'[{host}]' if ':' in host else host}:{port}; Ctrl-C or SIGTERM stops it.")
    config.load()
    calm()
    server = uvicorn.Server(config)
    # Afterwards uvicorn sends itself the signal that ended it; having stopped in order is no failure.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    server.run(sockets=[listener])
    if not server.started:
        raise typer.Exit(1)
