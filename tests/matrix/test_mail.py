"""What is sent goes to those who belong to the team, and says nothing of any other."""

from sqlalchemy import text

from core.work import begin
from tests.fakes.smtp_server import Mail
from tests.fixtures.world import World
from tests.matrix.principals import OPS_TOKEN

SWEEP = {"headers": {"Authorization": f"Bearer {OPS_TOKEN}"}}


async def test_mail_stays_within_the_team(world: World) -> None:
    """Both teams' reminders are sent, to each team's people only, in its own words only."""
    await fired(world)
    sides = (world.ours, world.theirs)
    for side, other in (sides, sides[::-1]):
        mine = [mail for mail in world.mails.messages if any(side.marker in to for to in mail.recipients)]
        assert mine
        assert not [mail for mail in mine if other.marker in f"{mail.recipients} {mail.content.decode()}"]
    reminded = [to for mail in sent(world) for to in mail.recipients]
    assert all(any(side.marker in to for side in sides) for to in reminded)


async def test_a_row_that_names_strangers_reaches_none(world: World) -> None:
    """Even a stored audience with people and addresses of another team, which no route accepts, sends them nothing."""
    theirs = world.theirs.ids
    async with begin(world.app.state.database) as work:
        await work.conn.execute(
            text("""update reminders set audience_user_ids = audience_user_ids || cast(:people as uuid[]),
                audience_address_ids = audience_address_ids || cast(:addresses as uuid[]) where id = :id"""),
            {
                "people": [theirs["me"], theirs["spare"]],
                "addresses": [theirs["address"], theirs["my_address"]],
                "id": world.ours.ids["reminder"],
            },
        )
    await fired(world, only_ours=True)
    assert sent(world)
    assert not [mail for mail in sent(world) if any(world.theirs.marker in to for to in mail.recipients)]


def sent(world: World) -> list[Mail]:
    """Return the mails of reminders; the others are about accounts and invitations."""
    return [mail for mail in world.mails.messages if mail.parsed["X-Reminder-Delivery"]]


async def fired(world: World, *, only_ours: bool = False) -> None:
    """Let the teams' reminders run, and deliver what is due."""
    for side in (world.ours,) if only_ours else (world.ours, world.theirs):
        ran = await side.owner.post(f"/reminders/{side.ids['reminder']}/run")
        assert ran.status_code == 200, ran.text
        async with begin(world.app.state.database) as work:
            # What runs now is due at the next whole second.
            due = "update deliveries set deliver_at = now() where status = 'pending' and team_id = :team"
            await work.conn.execute(text(due), {"team": side.ids["team"]})
    swept = await world.client.post("/api/v1/ops/sweep", **SWEEP)
    assert swept.status_code == 200, swept.text
