"""Invites, log-in, sessions and passwords through the GraphQL door, on a real database."""

import asyncio
from typing import Any

import orjson
import pytest

from tests.support.identity.portal import SESSION, Business, Portal
from tests.support.identity.world import NEW_PASSWORD, PASSWORD

ME = "{ me { __typename id name ... on Contact { customer { name } } } }"
EMAIL = "jona@krause.example"
REFRESH = f"mutation($input: RefreshSessionInput) {{ refreshSession(input: $input) {{ {SESSION} }} }}"


async def refresh(portal: Portal, token: str) -> dict[str, Any]:
    return (await portal.data(REFRESH, input={"refreshToken": token}))["refreshSession"]


async def test_a_contact_comes_in_by_the_mailed_link(portal: Portal, business: Business) -> None:
    """Invite, mail in the contact's language, preview, password, session, and `me` knows who it is."""
    await business.invite(await business.contact(EMAIL))
    (mail,) = portal.mailbox.to(EMAIL)
    assert mail.subject == "Ihr Zugang zu nordlicht Portal"
    assert "https://portal.example/nordlicht/accept-invite#token=" in mail.text
    token = portal.link_token(EMAIL)
    preview = await portal.data(
        "query($token: String!) { previewInvite(token: $token) { state name email slug } }", token=token
    )
    assert preview["previewInvite"] == {
        "state": "OPEN",
        "name": "Jona Krause",
        "email": EMAIL,
        "slug": "nordlicht",
    }
    payload = await portal.mutate("acceptInvite", None, SESSION, token=token, password=PASSWORD)
    assert payload["userErrors"] == []
    me = (await portal.data(ME, payload["session"]["accessToken"]))["me"]
    assert me["__typename"] == "Contact"
    assert me["customer"] == {"name": "Krause OHG"}


async def test_fifty_acceptances_at_once_have_one_winner(portal: Portal, business: Business) -> None:
    """Promise 21: of fifty acceptances of one link at the same time exactly one succeeds."""
    await business.invite(await business.contact(EMAIL))
    token = portal.link_token(EMAIL)
    tries = [
        portal.mutate("acceptInvite", None, SESSION, token=token, password=f"{PASSWORD}-{number}")
        for number in range(50)
    ]
    payloads = await asyncio.gather(*tries)
    winners = [number for number, payload in enumerate(payloads) if payload["session"]]
    codes = {error["code"] for payload in payloads for error in payload["userErrors"]}
    assert (len(winners), codes) == (1, {"LINK_NOT_VALID"})
    (winner,) = winners
    assert (await portal.log_in(EMAIL, f"{PASSWORD}-{winner}", "nordlicht"))["session"] is not None


async def test_fifty_resets_at_once_have_one_winner(portal: Portal, business: Business) -> None:
    """Promise 21: the same for the link of a forgotten password."""
    await business.client(EMAIL)
    given = {"email": EMAIL, "portal": "nordlicht"}
    await portal.mutate("requestPasswordReset", None, "done userErrors { code }", **given)
    await portal.settle()
    token = portal.link_token(EMAIL)
    tries = [
        portal.mutate("resetPassword", None, "done userErrors { code }", token=token, newPassword=f"{PASSWORD}-{n}")
        for n in range(50)
    ]
    payloads = await asyncio.gather(*tries)
    assert sum(payload["done"] is True for payload in payloads) == 1


async def test_only_hashes_of_links_are_stored(portal: Portal, business: Business) -> None:
    """Promise 21: neither a token nor a password stands in any document of the database."""
    session = await business.client(EMAIL)
    await portal.mutate("requestPasswordReset", None, "done", email=EMAIL, portal="nordlicht")
    other = await business.contact("other@krause.example")
    await business.invite(other)
    secrets = {
        portal.link_token(EMAIL),
        portal.link_token("other@krause.example"),
        session["refreshToken"],
        session["accessToken"],
        PASSWORD,
    }
    text = ""
    for name in ("organisations", "staff", "customers", "contacts", "sessions", "password_resets", "signing_keys",
                 "tries", "idempotency", "ended_sessions"):  # fmt: skip
        text += repr(await portal.service.database[name].find({}).to_list())
    assert {secret for secret in secrets if secret in text} == set()
    assert '"d":' not in text


async def test_the_host_header_changes_no_link(portal: Portal, business: Business) -> None:
    """Promise 21: links begin with the configured address whatever a request claims."""
    await business.client(EMAIL)
    document = "mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { done } }"
    poisoned = {"host": "evil.example", "x-forwarded-host": "evil.example", "origin": "https://evil.example"}
    await portal.answer(document, None, poisoned, input={"email": EMAIL, "portal": "nordlicht"})
    await portal.settle()
    mail = portal.mailbox.to(EMAIL)[-1]
    assert "https://portal.example/nordlicht/reset-password#token=" in mail.text
    assert "evil" not in mail.text + mail.html


@pytest.mark.parametrize("tabs", [2, 10, 20])
async def test_tabs_that_refresh_at_once_all_go_on(
    portal: Portal, business: Business, second_process: Portal, tabs: int
) -> None:
    """Two, ten and twenty refreshes with one token, over two processes of identity, make one next token for all."""
    token = (await business.client(EMAIL))["refreshToken"]
    processes = (portal, second_process)
    payloads = await asyncio.gather(*(refresh(processes[number % 2], token) for number in range(tabs)))
    assert [payload["userErrors"] for payload in payloads] == [[]] * tabs
    (following,) = {payload["session"]["refreshToken"] for payload in payloads}
    for payload in payloads:
        assert (await portal.data(ME, payload["session"]["accessToken"]))["me"]["__typename"] == "Contact"
    assert (await refresh(portal, following))["userErrors"] == []


async def test_a_used_token_that_comes_late_kills_the_family(portal: Portal, business: Business) -> None:
    """Promise 19: after the leeway twenty replays at once open nothing, and the newest token is dead as well."""
    token = (await business.client(EMAIL))["refreshToken"]
    newest = (await refresh(portal, token))["session"]["refreshToken"]
    portal.clock.advance(seconds=10)
    payloads = [*await asyncio.gather(*(refresh(portal, token) for _ in range(20))), await refresh(portal, newest)]
    assert [[error["code"] for error in payload["userErrors"]] for payload in payloads] == [["SESSION_ENDED"]] * 21


async def test_two_tabs_share_the_cookie(portal: Portal, business: Business) -> None:
    """Both tabs of a browser send the same cookie at once, and both answers set the same next one."""
    session = await business.client(EMAIL)
    cookie = {"cookie": f"portal_refresh={session['refreshToken']}"}
    document = "mutation { refreshSession { session { accessToken } userErrors { code } } }"
    answers = await asyncio.gather(*(portal.answer(document, None, cookie) for _ in range(2)))
    assert [orjson.loads(answer.body)["data"]["refreshSession"]["userErrors"] for answer in answers] == [[], []]
    (following,) = {answer.headers["set-cookie"].split(";")[0] for answer in answers}
    again = await portal.answer(document, None, {"cookie": following})
    assert orjson.loads(again.body)["data"]["refreshSession"]["userErrors"] == []


async def test_the_refresh_token_lives_in_a_strict_cookie_too(portal: Portal, business: Business) -> None:
    """Browsers get it as an HttpOnly, Secure, SameSite=Strict cookie, send it back, and lose it by logging out."""
    await business.client(EMAIL)
    document = f"mutation($input: LogInInput!) {{ logIn(input: $input) {{ {SESSION} }} }}"
    answer = await portal.answer(document, input={"email": EMAIL, "password": PASSWORD, "portal": "nordlicht"})
    cookie = answer.headers["set-cookie"]
    for part in ("portal_refresh=", "HttpOnly", "Secure", "SameSite=strict", "Path=/graphql"):
        assert part in cookie
    sent = cookie.split(";")[0]
    refreshed = await portal.answer("mutation { refreshSession { session { accessToken } } }", None, {"cookie": sent})
    assert orjson.loads(refreshed.body)["data"]["refreshSession"]["session"] is not None
    sent = refreshed.headers["set-cookie"].split(";")[0]
    ended = await portal.answer("mutation { logOut { done } }", None, {"cookie": sent})
    assert "Max-Age=0" in ended.headers["set-cookie"]
    again = await portal.answer("mutation { refreshSession { userErrors { code } } }", None, {"cookie": sent})
    assert b"SESSION_ENDED" in again.body


async def test_an_ended_session_is_refused_by_its_access_token(portal: Portal, business: Business) -> None:
    """After log-out everywhere the old access tokens open nothing, and a new log-in works at once."""
    session = await business.client(EMAIL)
    await portal.data("mutation { logOutEverywhere { done } }", session["accessToken"])
    await portal.settle()
    assert await portal.codes(ME, session["accessToken"]) == ["UNAUTHENTICATED"]
    fresh = await portal.log_in(EMAIL, portal="nordlicht")
    assert (await portal.data(ME, fresh["session"]["accessToken"]))["me"]["name"] == "Jona Krause"


async def test_changing_the_password_keeps_this_session_and_ends_the_other(portal: Portal, business: Business) -> None:
    """S33, S34: the other device is out, this one stays, another contact of the company notices nothing."""
    customer = await business.customer()
    here = await business.client(EMAIL, customer)
    colleague = await business.client("kim@krause.example", customer)
    there = (await portal.log_in(EMAIL, portal="nordlicht"))["session"]
    given = {"currentPassword": PASSWORD, "newPassword": NEW_PASSWORD}
    payload = await portal.mutate("changePassword", here["accessToken"], "done userErrors { code }", **given)
    assert payload == {"done": True, "userErrors": []}
    await portal.settle()
    assert await portal.codes(ME, there["accessToken"]) == ["UNAUTHENTICATED"]
    for token in (here["accessToken"], colleague["accessToken"]):
        assert await portal.codes(ME, token) == []
    assert (await refresh(portal, here["refreshToken"]))["session"] is not None
    assert (await refresh(portal, there["refreshToken"]))["session"] is None
    assert portal.mailbox.to(EMAIL)[-1].subject == "Ihr Passwort für nordlicht Portal wurde geändert"


async def test_a_disabled_contact_is_out_at_once(portal: Portal, business: Business) -> None:
    """Disabling ends the session, the access token and the next log-in."""
    session = await business.client(EMAIL)
    shown = "contact { status } userErrors { code }"
    payload = await portal.mutate("disableContact", business.owner, shown, id=session["person"]["id"])
    assert payload["contact"] == {"status": "DISABLED"}
    await portal.settle()
    assert await portal.codes(ME, session["accessToken"]) == ["UNAUTHENTICATED"]
    assert (await portal.log_in(EMAIL, portal="nordlicht"))["session"] is None
    assert len(portal.events("identity.contact_disabled.v1")) == 1


async def test_a_forwarded_document_makes_a_contact_without_access(portal: Portal, business: Business) -> None:
    """S28: the event arrives any number of times, there is one new contact, and an existing one is left alone."""
    customer = await business.customer()
    await business.client(EMAIL, customer)
    for number, email in enumerate(("mia@krause.example", "MIA@krause.example", EMAIL)):
        data = {
            "organisationId": business.id,
            "customerId": customer,
            "recipientName": "Mia Neu",
            "recipientEmail": email,
            "documentId": "inv_1",
        }
        await portal.forwarded(f"fwd_{number}-1", business.id, data)
    found = await portal.data(
        "query($id: ID!) { customer(id: $id) { contacts { nodes { name email status isPrimary } } } }",
        business.owner,
        id=customer,
    )
    people = [(one["email"], one["status"]) for one in found["customer"]["contacts"]["nodes"]]
    assert people == [(EMAIL, "ACCEPTED"), ("mia@krause.example", "NOT_INVITED")]


async def test_a_forward_to_no_address_is_parked(portal: Portal, business: Business) -> None:
    """What can never become a contact is kept aside with the reason."""
    data = {
        "organisationId": business.id,
        "customerId": await business.customer(),
        "recipientName": "x",
        "recipientEmail": "nobody",
    }
    await portal.forwarded("fwd_9-1", business.id, data)
    reasons = [reason for _, reason in portal.bus.parked["identity"]]
    assert [reason.split(":")[0] for reason in reasons] == ["INVALID_EMAIL"] * len(reasons)


async def test_staff_come_in_by_invite_with_their_role(portal: Portal, business: Business) -> None:
    """A colleague joins by mail, acts by role, and is out when deactivated; the last owner stays."""
    shown = "staffMember { id role status } userErrors { code }"
    given = {"name": "Grace Winter", "email": "grace@nordlicht.example", "role": "VIEWER", "language": "fr"}
    member = (await portal.mutate("inviteStaff", business.owner, shown, **given))["staffMember"]
    await portal.settle()
    assert portal.mailbox.to(given["email"])[0].subject == "Rejoindre Nordlicht"
    token = portal.link_token(given["email"])
    session = (await portal.mutate("acceptInvite", None, SESSION, token=token, password=PASSWORD))["session"]
    refused = await portal.mutate(
        "createCustomer", session["accessToken"], "userErrors { code }", name="X", currency="EUR"
    )
    assert refused["userErrors"] == [{"code": "ROLE_FORBIDS"}]
    promoted = await portal.mutate("updateStaff", business.owner, shown, id=member["id"], role="ACCOUNTANT")
    assert promoted["staffMember"]["role"] == "ACCOUNTANT"
    await portal.mutate("deactivateStaff", business.owner, shown, id=member["id"])
    await portal.settle()
    assert await portal.codes(ME, session["accessToken"]) == ["UNAUTHENTICATED"]
    owner = (await portal.data("{ me { id } }", business.owner))["me"]["id"]
    for mutation, more in (("deactivateStaff", {}), ("updateStaff", {"role": "VIEWER"})):
        payload = await portal.mutate(mutation, business.owner, shown, id=owner, **more)
        assert payload["userErrors"] == [{"code": "LAST_OWNER"}]


async def test_two_owners_cannot_shut_each_other_out(portal: Portal, business: Business) -> None:
    """Of two owners who deactivate each other at the same moment one stays, every time."""
    shown = "staffMember { id } userErrors { code }"
    first = business.owner
    for turn in range(5):
        email = f"owner{turn}@nordlicht.example"
        given = {"name": "Second", "email": email, "role": "OWNER"}
        await portal.mutate("inviteStaff", first, shown, **given)
        await portal.settle()
        token = portal.link_token(email)
        second = (await portal.mutate("acceptInvite", None, SESSION, token=token, password=PASSWORD))["session"]
        me = (await portal.data("{ me { id } }", first))["me"]["id"]
        tries = (
            portal.mutate("deactivateStaff", first, shown, id=second["person"]["id"]),
            portal.mutate("deactivateStaff", second["accessToken"], shown, id=me),
        )
        payloads = await asyncio.gather(*tries)
        codes = [error["code"] for payload in payloads for error in payload["userErrors"]]
        assert codes == ["LAST_OWNER"]
        first = first if payloads[0]["staffMember"] else second["accessToken"]


@pytest.mark.parametrize("minutes", [5, 6])
async def test_an_access_token_lives_five_minutes(portal: Portal, business: Business, minutes: int) -> None:
    """Nobody is believed longer than the token says."""
    portal.clock.advance(minutes=minutes)
    assert await portal.codes(ME, business.owner) == ["UNAUTHENTICATED"]
