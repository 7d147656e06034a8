"""The proof of a registration's address, through the GraphQL door, on a real database, with every event twice."""

from typing import Any

from tests.support.identity.portal import SESSION, Portal
from tests.support.identity.world import PASSWORD

EMAIL = "ceo@bigfirm.example"
OWNER = {"name": "Win a prize at evil.example", "email": EMAIL, "language": "de", "password": PASSWORD}
DETAILS = {"name": "Evil Corp", "timeZone": "Europe/Berlin", "locale": "de-DE", "currency": "EUR", "owner": OWNER}
DONE = "done userErrors { code field }"


async def register(portal: Portal) -> dict[str, Any]:
    return await portal.mutate("registerOrganisation", None, f"organisation {{ id }} {SESSION}", **DETAILS)


async def is_verified(portal: Portal, token: str) -> bool:
    me = "{ me { __typename ... on StaffMember { emailVerified } } }"
    return (await portal.data(me, token))["me"]["emailVerified"]


async def test_a_mailed_link_makes_a_registration_count(portal: Portal) -> None:
    """One mail, in our words alone; refused until its link is used, which can be repeated; then e-mail logs in."""
    token = (await register(portal))["session"]["accessToken"]
    await portal.settle()
    (mail,) = portal.mailbox.to(EMAIL)
    assert mail.subject == "Bestätigen Sie Ihre E-Mail-Adresse"
    assert [word for word in ("Evil", "prize") if word in f"{mail}"] == []
    invite = {"name": "Ida", "email": "ida@staff.example", "role": "VIEWER"}
    refused = await portal.mutate("inviteStaff", token, "userErrors { code }", **invite)
    assert refused["userErrors"] == [{"code": "EMAIL_UNPROVEN"}]
    assert (await portal.log_in(EMAIL))["session"] is None
    assert not await is_verified(portal, token)
    link = portal.link_token(EMAIL)
    wrong = await portal.mutate("confirmEmail", None, DONE, token=link, currentPassword="not the right one")
    assert wrong == {"done": None, "userErrors": [{"code": "WRONG_PASSWORD", "field": ["currentPassword"]}]}
    for _ in range(2):
        done = await portal.mutate("confirmEmail", None, DONE, token=link, currentPassword=PASSWORD)
        assert done == {"done": True, "userErrors": []}
    assert await is_verified(portal, token)
    assert (await portal.mutate("inviteStaff", token, "userErrors { code }", **invite))["userErrors"] == []
    assert (await portal.log_in(EMAIL))["session"] is not None


async def test_another_mail_with_its_key_is_one_mail(portal: Portal) -> None:
    """The link of the former one counts no more."""
    token = (await register(portal))["session"]["accessToken"]
    await portal.settle()
    former = portal.link_token(EMAIL)
    for _ in range(2):
        again = await portal.mutate("resendConfirmation", token, DONE, idempotencyKey="again-key-1")
        assert again == {"done": True, "userErrors": []}
    await portal.settle()
    assert len(portal.mailbox.to(EMAIL)) == 2
    refused = await portal.mutate("confirmEmail", token, DONE, token=former)
    assert refused["userErrors"] == [{"code": "LINK_NOT_VALID", "field": ["token"]}]
    assert (await portal.mutate("confirmEmail", token, DONE, token=portal.link_token(EMAIL)))["done"]
