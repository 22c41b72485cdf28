"""`reminders admin`: accounts, as the operator makes and shuts them from the command line."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from core.settings import Settings

app = typer.Typer(help="Look after accounts.", no_args_is_help=True, rich_markup_mode=None)

Who = Annotated[str, typer.Argument(metavar="WHO", help="The mail address or the id of an account.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
NO_PASSWORD = "give one of --password-stdin, --print-link and --mail-link; there is nobody here to ask for a password"  # noqa: S105  a sentence
TOO_MANY = "--password-stdin, --print-link and --mail-link exclude each other"


def _settings() -> "Settings":
    from cli import database, installation

    settings = installation.find()
    database.require(installation.database_url(settings), patient=False)
    return settings


@app.command()
def create(
    *,
    email: Annotated[str, typer.Option(help="The mail address; it counts as proven.")],
    name: Annotated[str, typer.Option(help="The name that others see.")],
    timezone: Annotated[str | None, typer.Option(help="Such as Europe/Berlin.")] = None,
    operator: Annotated[bool, typer.Option("--operator", help="Make an operator; the first account is one.")] = False,
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read the password from a pipe.")] = False,
    print_link: Annotated[bool, typer.Option("--print-link", help="No password; print a link to set one.")] = False,
    mail_link: Annotated[bool, typer.Option("--mail-link", help="No password; mail a link to set one.")] = False,
    as_json: Json = False,
) -> None:
    """Make an account, whatever REGISTRATION says. Without further options the password is asked for."""
    import sys

    from cli import accounts
    from cli.words import MISCONFIGURED, stop

    if password_stdin + print_link + mail_link > 1:
        stop(TOO_MANY, MISCONFIGURED)
    settings, password = _settings(), None
    if password_stdin:
        password = sys.stdin.readline().rstrip("\n")
    elif not (print_link or mail_link):
        if not sys.stdin.isatty():
            stop(NO_PASSWORD, MISCONFIGURED)
        password = str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    wanted = accounts.Wanted(email, name, timezone, password, operator=operator, mail_link=mail_link)
    accounts.create(settings, wanted, as_json=as_json)


@app.command("list")
def list_(
    *,
    q: Annotated[str | None, typer.Option(metavar="TEXT", help="Part of the name or mail address.")] = None,
    status: Annotated[str | None, typer.Option(help="active or deactivated.")] = None,
    operators: Annotated[bool, typer.Option("--operators", help="Only operators.")] = False,
    as_json: Json = False,
) -> None:
    """List accounts, the oldest first."""
    from cli import accounts

    accounts.listed(_settings(), q=q, status=status, operators=operators, as_json=as_json)


@app.command()
def deactivate(who: Who, *, as_json: Json = False) -> None:
    """Shut somebody out at once, and send them nothing more."""
    from cli import accounts

    accounts.deactivate(_settings(), who, as_json=as_json)


@app.command()
def activate(who: Who, *, as_json: Json = False) -> None:
    """Let somebody in again."""
    from cli import accounts

    accounts.activate(_settings(), who, as_json=as_json)


@app.command()
def promote(who: Who, *, as_json: Json = False) -> None:
    """Make somebody an operator."""
    from cli import accounts

    accounts.set_operator(_settings(), who, is_operator=True, as_json=as_json)


@app.command()
def demote(who: Who, *, as_json: Json = False) -> None:
    """Make somebody an operator no longer; the last one stays."""
    from cli import accounts

    accounts.set_operator(_settings(), who, is_operator=False, as_json=as_json)


@app.command()
def totp_off(who: Who, *, as_json: Json = False) -> None:
    """Switch off somebody's second factor. For who has lost both app and recovery codes; they get a mail."""
    from cli import accounts

    accounts.totp_off(_settings(), who, as_json=as_json)


@app.command()
def link(who: Who, *, as_json: Json = False) -> None:
    """Print a link to set a new password. It works once, for three days."""
    from cli import accounts

    accounts.link(_settings(), who, as_json=as_json)
