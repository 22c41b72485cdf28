"""Invitations: to a mailbox by mail, and by a secret link."""

from typing import Any

from httpx2 import AsyncClient

from tests.fixtures.api import PASSWORD, Person
from tests.fixtures.letters import Post, said, token_of
from tests.fixtures.people import Arrive
from tests.fixtures.reminders import Crowd


async def accept(person: Person, token: str) -> tuple[int, Any]:
    """Accept by a secret; return the status, and the role or the code."""
    answer = await person.post("/invitations/accept", json={"token": token})
    body = answer.json()
    return answer.status_code, body.get("my_role") or body["code"]


async def link(crowd: Crowd, **fields: Any) -> dict[str, Any]:
    """Make a link."""
    made = await crowd.admin.post(f"/teams/{crowd.team_id}/invitations", json={"link": True} | fields)
    assert made.status_code == 201, made.text
    invitation: dict[str, Any] = made.json()
    return invitation


async def test_an_invitation_is_for_one_mailbox(crowd: Crowd, arrive: Arrive) -> None:
    """Only whoever has the invited mailbox sees and accepts an invitation, once."""
    path = f"/teams/{crowd.team_id}/invitations"
    made = await crowd.admin.post(path, json={"email": "Late@Example.com", "role": "viewer"})
    invitation = made.json()
    assert (made.status_code, invitation["email"], invitation["team_name"]) == (201, "late@example.com", "Accounting")
    accept = f"/invitations/{invitation['id']}/accept"
    assert (await crowd.stranger.get("/invitations")).json()["items"] == []
    assert (await crowd.stranger.post(accept)).status_code == 404
    late = await arrive("late")
    assert [item["id"] for item in (await late.get("/invitations")).json()["items"]] == [invitation["id"]]
    joined = await late.post(accept)
    assert (joined.status_code, joined.json()["my_role"]) == (200, "viewer")
    assert (await late.post(accept)).status_code == 404


async def test_invitations_can_be_renewed_and_revoked(crowd: Crowd) -> None:
    """Inviting again renews the one invitation; a revoked one cannot be accepted."""
    path = f"/teams/{crowd.team_id}/invitations"
    email = crowd.stranger.user["email"]
    first = (await crowd.admin.post(path, json={"email": email})).json()
    second = (await crowd.admin.post(path, json={"email": email, "role": "admin"})).json()
    assert (second["id"], second["role"]) == (first["id"], "admin")
    assert len((await crowd.admin.get(path)).json()["items"]) == 1
    assert (await crowd.admin.delete(f"{path}/{first['id']}", headers={"If-Match": '"1"'})).status_code == 412
    assert (await crowd.admin.delete(f"{path}/{first['id']}", headers={"If-Match": '"2"'})).status_code == 204
    assert (await crowd.admin.delete(f"{path}/{first['id']}")).status_code == 404
    assert (await crowd.stranger.post(f"/invitations/{first['id']}/accept")).status_code == 404


async def test_who_may_invite(crowd: Crowd) -> None:
    """Members cannot invite, nobody invites a member or an owner, and an address must be one."""
    path = f"/teams/{crowd.team_id}/invitations"
    someone = {"email": "someone@example.com"}
    assert (await crowd.member.post(path, json=someone)).status_code == 403
    member = await crowd.admin.post(path, json={"email": crowd.member.user["email"]})
    assert (member.status_code, member.json()["code"]) == (409, "already_member")
    assert (await crowd.owner.post(path, json=someone | {"role": "owner"})).status_code == 422
    assert (await crowd.owner.post(path, json={"email": "nobody"})).json()["code"] == "invalid_email"


async def test_a_mail_proves_the_mailbox(crowd: Crowd, arrive: Arrive, post: Post) -> None:
    """The secret in the mail lets its reader in, and nobody else; with it their mailbox is proven."""
    path = f"/teams/{crowd.team_id}/invitations"
    made = await crowd.admin.post(path, json={"email": "late@example.com", "role": "viewer"})
    late = await arrive("late")
    await post.execute("update users set email_verified_at = null where email = 'late@example.com'")
    assert (await late.post(f"/invitations/{made.json()['id']}/accept")).json()["code"] == "email_not_verified"
    token = await post.token()
    assert token not in (await crowd.admin.get(path)).text + made.text
    assert await accept(crowd.stranger, token) == (403, "other_mailbox")
    assert await accept(late, token) == (200, "viewer")
    assert (await late.get("/users/me")).json()["email_verified"] is True
    assert await accept(late, token) == (200, "viewer")
    assert await accept(crowd.stranger, token) == (422, "invalid_token")


async def test_the_mail_names_team_and_author(crowd: Crowd, post: Post) -> None:
    """It is written in the language of its reader, or of whoever invites, and says until when it works."""
    await crowd.admin.patch("/users/me", json={"locale": "de"})
    await crowd.admin.post(f"/teams/{crowd.team_id}/invitations", json={"email": "late@example.com"})
    [mail] = await post.go()
    assert (mail["to"], mail["subject"]) == ("late@example.com", "admin lädt dich zu Accounting ein")
    assert "/account/invitation?token=" in said(mail)
    assert "lang=de" in said(mail)


async def test_a_revoked_invitation_is_not_mailed(crowd: Crowd, post: Post) -> None:
    """What is taken back before the postman goes stays with him, and a mailed secret opens nothing any more."""
    path = f"/teams/{crowd.team_id}/invitations"
    body = {"email": crowd.stranger.user["email"]}
    made = (await crowd.admin.post(path, json=body)).json()
    await crowd.admin.delete(f"{path}/{made['id']}")
    assert await post.go() == []
    again = (await crowd.admin.post(path, json=body)).json()
    token = await post.token()
    await crowd.admin.delete(f"{path}/{again['id']}")
    assert await accept(crowd.stranger, token) == (422, "invalid_token")


async def test_registering_with_an_invitation(crowd: Crowd, client: AsyncClient, post: Post) -> None:
    """Whoever registers with the secret from the mail is in the team, with a proven mailbox."""
    await crowd.admin.post(f"/teams/{crowd.team_id}/invitations", json={"email": "new@example.com"})
    body = {"email": "new@example.com", "name": "New", "password": PASSWORD, "invitation": await post.token()}
    other = await client.post("/auth/register", json=body | {"email": "else@example.com"})
    assert (other.status_code, other.json()["code"]) == (403, "other_mailbox")
    made = await client.post("/auth/register", json=body)
    assert (made.status_code, made.json()["email_verified"]) == (201, True)
    members = (await crowd.viewer.get(f"/teams/{crowd.team_id}/members")).json()["items"]
    assert (members[-1]["email"], members[-1]["role"], members[-1]["email_verified"]) == (
        "new@example.com",
        "member",
        True,
    )


async def test_who_is_unproven_writes_to_nobody(crowd: Crowd, post: Post) -> None:
    """An admin whose own mailbox is not proven cannot have us write to others, nor gather them by a link."""
    await post.execute("update users set email_verified_at = null where email = 'admin@example.com'")
    refused = await crowd.admin.post(f"/teams/{crowd.team_id}/invitations", json={"email": "late@example.com"})
    assert (refused.status_code, refused.json()["code"]) == (403, "email_not_verified")
    refused = await crowd.admin.post(f"/teams/{crowd.team_id}/invitations", json={"link": True})
    assert (refused.status_code, refused.json()["code"]) == (403, "email_not_verified")


async def test_nobodys_mailbox_is_filled(crowd: Crowd) -> None:
    """The same mailbox can be written to a few times, then one has to wait."""
    path = f"/teams/{crowd.team_id}/invitations"
    answers = [await crowd.admin.post(path, json={"email": "late@example.com"}) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [201] * 6 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1


async def test_a_link_is_for_whoever_has_it(crowd: Crowd) -> None:
    """It is shown once, lets in as many as it says, and those who are in use nothing up."""
    made = await link(crowd, role="viewer")
    assert made["url"].endswith(f"/account/invitation?token={made['token']}")
    assert (made["email"], made["link"], made["max_uses"], made["uses"]) == (None, True, 1, 0)
    [listed] = (await crowd.owner.get(f"/teams/{crowd.team_id}/invitations")).json()["items"]
    assert "token" not in listed
    assert await accept(crowd.member, made["token"]) == (200, "member")
    assert await accept(crowd.stranger, made["token"]) == (200, "viewer")
    assert await accept(crowd.stranger, made["token"]) == (200, "viewer")
    assert (await crowd.owner.get(f"/teams/{crowd.team_id}/invitations")).json()["items"] == []


async def test_a_link_that_is_used_up_or_over_opens_nothing(crowd: Crowd, arrive: Arrive, post: Post) -> None:
    """One for two lets two in; one that has expired lets nobody in."""
    made, first, second, third = await link(crowd, max_uses=2), *[await arrive(name) for name in ("a", "b", "c")]
    answers = [await accept(person, made["token"]) for person in (first, second, third)]
    assert answers == [(200, "member"), (200, "member"), (422, "invalid_token")]
    over = await link(crowd, expires_in="PT5M")
    await post.execute("update invitations set expires_at = now() where status = 'pending'")
    assert await accept(third, over["token"]) == (422, "invalid_token")
    assert await accept(third, "nonsense") == (422, "invalid_token")


async def test_a_link_ends_with_the_rights_of_its_maker(crowd: Crowd) -> None:
    """Whoever cannot invite any more has left no way back in behind."""
    made = await link(crowd)
    demoted = await crowd.owner.patch(
        f"/teams/{crowd.team_id}/members/{crowd.admin.user['id']}", json={"role": "member"}
    )
    assert demoted.status_code == 200
    assert await accept(crowd.stranger, made["token"]) == (422, "invalid_token")


async def test_either_a_mailbox_or_a_link(crowd: Crowd) -> None:
    """An invitation names one of them, and only a link is for several."""
    path = f"/teams/{crowd.team_id}/invitations"
    for body, code in (
        ({}, "email_or_link"),
        ({"email": "late@example.com", "link": True}, "email_or_link"),
        ({"email": "late@example.com", "max_uses": 2}, "unused"),
        ({"link": True, "max_uses": 101}, "less_than_equal"),
        ({"link": True, "expires_in": "P31D"}, "less_than_equal"),
    ):
        answer = await crowd.admin.post(path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code), body


async def test_the_invited_may_refuse(crowd: Crowd) -> None:
    """A declined invitation waits for nobody; only the invited can decline it."""
    path = f"/teams/{crowd.team_id}/invitations"
    made = (await crowd.admin.post(path, json={"email": crowd.stranger.user["email"]})).json()
    assert (await crowd.viewer.post(f"/invitations/{made['id']}/decline")).status_code == 404
    assert (await crowd.stranger.post(f"/invitations/{made['id']}/decline")).status_code == 204
    assert (await crowd.stranger.post(f"/invitations/{made['id']}/accept")).status_code == 404
    assert (await crowd.admin.get(f"{path}/{made['id']}")).status_code == 404


async def test_one_joins_once(crowd: Crowd, post: Post) -> None:
    """By a link one answers the mail as well, so that it is no way back in after one was removed."""
    await crowd.admin.post(f"/teams/{crowd.team_id}/invitations", json={"email": crowd.stranger.user["email"]})
    [mail] = await post.go()
    assert await accept(crowd.stranger, (await link(crowd))["token"]) == (200, "member")
    assert (await crowd.admin.get(f"/teams/{crowd.team_id}/invitations")).json()["items"] == []
    await crowd.admin.delete(f"/teams/{crowd.team_id}/members/{crowd.stranger.user['id']}")
    assert await accept(crowd.stranger, token_of(mail)) == (422, "invalid_token")
