"""The command `reminders`. `--help` answers at once, because every command imports what it needs when it runs."""

import typer

from cli import admin, api, migrate, schedules, secrets, sweep, up, worker

app = typer.Typer(
    name="reminders",
    help="Team Reminders: on time, in everybody's own zone, never lost.",
    epilog="Settings come from the environment and from .env; see .env.example.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for module in (up, migrate, api, worker, sweep):
    app.command()(getattr(module, module.__name__.rpartition(".")[2]))
app.add_typer(admin.app, name="admin")
app.add_typer(schedules.app, name="schedules")
app.add_typer(secrets.app, name="secrets")


def main() -> None:
    """Run the command line and exit."""
    app()


if __name__ == "__main__":
    main()
