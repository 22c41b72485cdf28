"""`reminders worker`."""


def worker() -> None:
    """Deliver what is due.

    The worker hears the alarms of Redis, and sweeps from PostgreSQL whatever becomes of Redis.
    """
    from pkgutil import resolve_name

    from arq.worker import run_worker

    from cli import database, installation, words

    settings = installation.find()
    database.require(installation.database_url(settings))
    words.greet("The worker is running; Ctrl-C or SIGTERM lets it finish what it is sending.")
    # The worker is a door: opened by name, imported by nobody.
    run_worker(resolve_name("worker:WorkerSettings"))
