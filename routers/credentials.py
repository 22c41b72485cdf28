"""Mailboxes proven, passwords set anew and changed, accounts moved to another mail address."""

from typing import Any

from fastapi import Response
from sqlalchemy import Row

from core import tokens
from core.errors import DomainError, NotFound
from core.passwords import Busy, CommonPassword
from crud import credentials, email_changes, mailboxes
from crud.accounts import EmailTaken, InvalidEmail
from crud.email_changes import SameEmail
from crud.limits import TooManyAttempts
from crud.proofs import InvalidProof
from crud.reauthentication import WrongPassword
from routers.clients import ClientDep
from routers.deps import Kept, Person, PublicWork, SettingsDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.accounts import EmailChangeRead, Token
from schemas.credentials import (
    Confirmed,
    EmailChange,
    ForEmail,
    OnItsWay,
    PasswordChange,
    PasswordReset,
    Proof,
)

router = resource("auth", "/auth")


@router.post("/email/verify", status_code=204, responses=problems(InvalidProof))
async def verify_email(work: PublicWork, settings: SettingsDep, body: Proof) -> Response:
    """Prove a mailbox, of an account or one that was added, by the secret that was mailed to it."""
    await mailboxes.confirm(work, settings, body.token)
    return Response(status_code=204)


@router.post("/email/resend", status_code=202, responses=problems(InvalidEmail, TooManyAttempts))
async def resend_verification(work: PublicWork, settings: SettingsDep, client: ClientDep, body: ForEmail) -> OnItsWay:
    """Send the mail that proves an account's mailbox once more; the former link is void.

    The answer is the same whether there is such an account or not.
    """
    await mailboxes.ask_again(work, settings, body.email, client)
    return OnItsWay()


@router.post("/password/forgot", status_code=202, responses=problems(InvalidEmail, TooManyAttempts))
async def forgot_password(work: PublicWork, settings: SettingsDep, client: ClientDep, body: ForEmail) -> OnItsWay:
    """Send a mail by which a new password can be set; the former link is void.

    The answer is the same whether there is such an account or not.
    """
    await credentials.forgot(work, settings, body.email, client)
    return OnItsWay()


@router.post("/password/reset", status_code=204, responses=problems(InvalidProof, CommonPassword, Busy))
async def reset_password(work: PublicWork, settings: SettingsDep, body: PasswordReset) -> Response:
    """Set a new password by the secret that was mailed; everything signed in is signed out."""
    await credentials.reset(work, settings, body.token, body.password)
    return Response(status_code=204)


@router.post("/password/change", responses=problems(WrongPassword, CommonPassword, TooManyAttempts, Busy))
async def change_password(work: WorkDep, me: Person, settings: SettingsDep, body: PasswordChange) -> Token:
    """Change my password; everything signed in elsewhere is signed out, and this session goes on with new tokens."""
    current = body.current_password.get_secret_value()
    result = await credentials.change(work, settings, me, current, body.new_password)
    if isinstance(result, DomainError):
        raise Kept(result)
    return Token(
        access_token=tokens.issue(settings, result.claims, work.now),
        refresh_token=result.refresh_token,
        expires_in=int(tokens.LIFETIME.total_seconds()),
    )


def _shown(row: Row[Any]) -> EmailChangeRead:
    return EmailChangeRead(
        email=row.new_email,
        confirmed_by_old=row.old_confirmed_at is not None,
        confirmed_by_new=row.new_confirmed_at is not None,
        expires_at=row.expires_at,
    )


@router.post(
    "/email/change",
    status_code=202,
    responses=problems(WrongPassword, InvalidEmail, SameEmail, EmailTaken, TooManyAttempts, Busy),
)
async def change_email(
    work: WorkDep, me: Person, settings: SettingsDep, client: ClientDep, body: EmailChange
) -> EmailChangeRead:
    """Move my account to another mail address, once both mailboxes have confirmed it, within 24 hours.

    Asked again for the same address, it sends new links to those that have not confirmed yet.
    """
    password = body.password.get_secret_value()
    result = await email_changes.start(work, settings, me, body.email, password, client)
    if isinstance(result, DomainError):
        raise Kept(result)
    return _shown(result)


@router.delete("/email/change", status_code=204, responses=problems(NotFound))
async def cancel_email_change(work: WorkDep, me: Person) -> Response:
    """Stay with my mail address; the links that were sent are void."""
    await email_changes.cancel(work, me)
    return Response(status_code=204)


@router.post("/email/change/confirm", responses=problems(InvalidProof, EmailTaken))
async def confirm_email_change(work: PublicWork, settings: SettingsDep, body: Proof) -> Confirmed:
    """Let one of both mailboxes agree by the secret that was mailed to it."""
    return Confirmed(changed=await email_changes.confirm(work, settings, body.token))
