"""Proofs of mailboxes, passwords set anew, and changes of mail addresses."""

from typing import Annotated

from pydantic import Field

from schemas.accounts import Email, Password
from schemas.base import Model, Secret, Text

Token = Annotated[str, Text(200), Field(description="From the link in the mail; it works once, for 30 minutes.")]
CurrentPassword = Annotated[Secret, Field(min_length=1, max_length=128)]


class ForEmail(Model):
    """For which account a mail is asked for."""

    email: Email


class Proof(Model):
    """The secret of a mailed link."""

    token: Token


class PasswordReset(Model):
    """A new password, and the secret of a mailed link that allows it."""

    token: Token
    password: Password


class PasswordChange(Model):
    """A new password, and the one of today."""

    current_password: CurrentPassword
    new_password: Password


class EmailChange(Model):
    """The mail address that an account is to have, and its password."""

    email: Email
    password: CurrentPassword


class Confirmed(Model):
    """What came of a confirmation."""

    changed: Annotated[bool, Field(description="False: the other mailbox has yet to confirm.")]


class OnItsWay(Model):
    """A mail or message follows, if there is somebody to write to; the answer is the same for everybody."""

    status: Annotated[str, Field(examples=["accepted"])] = "accepted"
