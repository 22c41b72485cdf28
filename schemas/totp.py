"""Second factors: setting them up, proving them, and the codes for whoever has lost theirs."""

from typing import Annotated

from pydantic import Field

from schemas.base import Instant, Model, Secret

Code = Annotated[
    Secret,
    Field(min_length=1, max_length=64, description="Six digits of the app, or a recovery code.", examples=["123456"]),
]
Password = Annotated[Secret, Field(min_length=1, max_length=128, description="The password, once more.")]


class TotpSetUp(Model):
    """Whoever sets up a second factor proves the password again."""

    password: Password


class TotpCode(Model):
    """A code that proves that an app knows the secret."""

    code: Code


class TotpProof(Model):
    """Both factors, once more."""

    password: Password
    code: Code


class TotpSecret(Model):
    """What an authenticator app has to know; shown once."""

    secret: Annotated[str, Field(description="Base 32, to be typed.", examples=["GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"])]
    uri: Annotated[str, Field(description="`otpauth://`, to be shown as a QR code.")]


class RecoveryCodes(Model):
    """Codes that stand in for a lost app, each of them once; shown once."""

    recovery_codes: Annotated[list[str], Field(examples=[["mfrg-g2ld-nvxw-4zzr"]])]


class TotpRead(Model):
    """Whether a second factor is switched on."""

    enabled: bool
    confirmed_at: Instant | None
    recovery_codes_left: int
