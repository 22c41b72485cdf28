"""`/auth/totp`: a second factor beside the password."""

from typing import Any

from fastapi import Response
from sqlalchemy import Row

from core.errors import DomainError
from core.passwords import Busy
from crud import totp
from crud.limits import TooManyAttempts
from crud.reauthentication import WrongPassword
from crud.totp import AlreadyOn, NotOn, SetUp, WrongCode
from routers.deps import Kept, Person, SettingsDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.totp import RecoveryCodes, TotpCode, TotpProof, TotpRead, TotpSecret, TotpSetUp

router = resource("auth", "/auth/totp")
PROVEN = problems(NotOn, WrongPassword, WrongCode, TooManyAttempts, Busy)


@router.get("", response_model=TotpRead)
async def read_totp(work: WorkDep, me: Person) -> Row[Any]:
    """Tell whether a second factor is switched on, and how many recovery codes are left."""
    return await totp.state(work, me)


@router.post(
    "", status_code=201, response_model=TotpSecret, responses=problems(AlreadyOn, WrongPassword, TooManyAttempts, Busy)
)
async def set_up_totp(work: WorkDep, settings: SettingsDep, me: Person, body: TotpSetUp) -> SetUp:
    """Make a secret for an authenticator app. It is shown once, and counts when it is confirmed."""
    made = await totp.set_up(work, settings, me, body.password.get_secret_value())
    if isinstance(made, DomainError):
        raise Kept(made)
    return made


@router.post("/confirm", responses=problems(NotOn, AlreadyOn, WrongCode, TooManyAttempts))
async def confirm_totp(work: WorkDep, settings: SettingsDep, me: Person, body: TotpCode) -> RecoveryCodes:
    """Switch the second factor on with a code of the app. The recovery codes are shown once."""
    return _codes(await totp.confirm(work, settings, me, body.code.get_secret_value()))


@router.post("/recovery-codes", responses=PROVEN)
async def renew_recovery_codes(work: WorkDep, settings: SettingsDep, me: Person, body: TotpProof) -> RecoveryCodes:
    """Make new recovery codes; the former ones are void."""
    proof = (body.password.get_secret_value(), body.code.get_secret_value())
    return _codes(await totp.renew_codes(work, settings, me, *proof))


@router.delete("", status_code=204, responses=PROVEN)
async def remove_totp(work: WorkDep, settings: SettingsDep, me: Person, body: TotpProof) -> Response:
    """Switch the second factor off. A forgotten password does not do that."""
    proof = (body.password.get_secret_value(), body.code.get_secret_value())
    if refusal := await totp.remove(work, settings, me, *proof):
        raise Kept(refusal)
    return Response(status_code=204)


def _codes(made: totp.Codes) -> RecoveryCodes:
    if isinstance(made, DomainError):
        raise Kept(made)
    return RecoveryCodes(recovery_codes=list(made))
