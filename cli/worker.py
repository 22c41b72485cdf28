"""`reminders worker`."""

import typer


def worker() -> None:
    """Deliver: hear the alarms of Redis, and sweep from PostgreSQL whatever becomes of Redis."""
    import asyncio  # noqa: PLC0415  see main.py
    from pkgutil import resolve_name  # noqa: PLC0415  see main.py

    from cli import database, installation, loops  # noqa: PLC0415  see main.py

    settings = installation.find()
    database.require(installation.database_url(settings))
    typer.echo("The worker is running; Ctrl-C or SIGTERM lets it finish what it is sending.", err=True)
    # arq takes the loop that it finds, and the worker is a door: opened by name, imported by nobody.
    asyncio.set_event_loop(loops.new_loop())
    resolve_name("arq.worker:run_worker")(resolve_name("worker:WorkerSettings"))
