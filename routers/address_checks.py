"""Addresses tried out: mailboxes proven by a mail, and test messages."""

from uuid import UUID

from core.errors import NotFound
from crud import access, mailboxes
from crud.access import RoleTooLow
from crud.addresses import Owner
from crud.limits import TooManyAttempts
from crud.mailboxes import AddressNotReady, AlreadyVerified, EmailNotVerified, NotAMailbox
from routers.clients import ClientDep
from routers.deps import Me, Person, SettingsDep, WorkDep
from routers.door import resource
from routers.problems import problems
from schemas.credentials import OnItsWay

router = resource("addresses")
MINE = "/users/me/addresses/{address_id}"
OF_TEAM = "/teams/{team_id}/addresses/{address_id}"
ASKING = (NotFound, NotAMailbox, AlreadyVerified, EmailNotVerified, TooManyAttempts)
TRYING = (NotFound, AddressNotReady, TooManyAttempts)


@router.post(MINE + "/verify", status_code=202, responses=problems(*ASKING))
async def verify_address(
    work: WorkDep, me: Person, settings: SettingsDep, client: ClientDep, address_id: UUID
) -> OnItsWay:
    """Send the mail that proves one of my mailboxes; the former link is void."""
    await mailboxes.ask(work, settings, Owner(user_id=me.user_id), address_id, me.user_id, client)
    return OnItsWay()


@router.post(MINE + "/test", status_code=202, responses=problems(*TRYING))
async def try_address(work: WorkDep, me: Person, settings: SettingsDep, address_id: UUID) -> OnItsWay:
    """Send a test message to one of my addresses, now."""
    await mailboxes.try_out(work, settings, Owner(user_id=me.user_id), address_id, me.user_id)
    return OnItsWay()


@router.post(OF_TEAM + "/verify", status_code=202, responses=problems(RoleTooLow, *ASKING))
async def verify_team_address(
    work: WorkDep, me: Me, settings: SettingsDep, client: ClientDep, team_id: UUID, address_id: UUID
) -> OnItsWay:
    """Send the mail that proves a mailbox of the team; the former link is void."""
    await access.member(work, me, team_id, "admin")
    await mailboxes.ask(work, settings, Owner(team_id=team_id), address_id, me.user_id, client)
    return OnItsWay()


@router.post(OF_TEAM + "/test", status_code=202, responses=problems(RoleTooLow, *TRYING))
async def try_team_address(work: WorkDep, me: Me, settings: SettingsDep, team_id: UUID, address_id: UUID) -> OnItsWay:
    """Send a test message to an address of the team, now."""
    await access.member(work, me, team_id, "member")
    await mailboxes.try_out(work, settings, Owner(team_id=team_id), address_id, me.user_id)
    return OnItsWay()
