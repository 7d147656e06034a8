"""Log-in in two steps through the GraphQL door, on a real database, with other processes beside."""

import asyncio
from typing import Any

import orjson
from pyotp.totp import TOTP

from tests.support.identity.portal import CLIENT_ADDRESS_HEADER, SESSION, Business, Portal
from tests.support.identity.world import PASSWORD

EMAIL = "jona@krause.example"
IN = f"{SESSION} challenge {{ token mustSetUp expiresAt }}"


async def step(
    portal: Portal, name: str, access: str | None = None, shown: str = IN, /, **given: Any
) -> dict[str, Any]:
    kind = f"{name[0].upper()}{name[1:]}Input"
    document = f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {shown} }} }}"
    answer = await portal.answer(document, access, {CLIENT_ADDRESS_HEADER: "192.0.2.1"}, input=given)
    return orjson.loads(answer.body)["data"][name]


async def first_step(portal: Portal, email: str = EMAIL, portal_slug: str | None = "nordlicht") -> dict[str, Any]:
    return await step(portal, "logIn", email=email, password=PASSWORD, portal=portal_slug)


async def set_up(portal: Portal, token: str) -> tuple[TOTP, list[str]]:
    """Turn a second factor on; returns the generator and the recovery codes."""
    shown = "generator { secret uri } userErrors { code }"
    made = (await step(portal, "setUpSecondFactor", token, shown))["generator"]
    assert made["uri"].startswith("otpauth://totp/")
    assert made["secret"] in made["uri"]
    generator = TOTP(made["secret"])
    shown, code = "recoveryCodes userErrors { code }", generator.at(portal.clock.now())
    confirmed = await step(portal, "confirmSecondFactor", token, shown, code=code, idempotencyKey="confirm-1")
    assert await step(portal, "confirmSecondFactor", token, shown, code=code, idempotencyKey="confirm-1") == confirmed
    portal.clock.advance(seconds=30)
    return generator, confirmed["recoveryCodes"]


async def test_two_steps_lead_in(portal: Portal, second_process: Portal, business: Business) -> None:
    """Password, challenge, code, session, whichever process answers; of the same code at once, one wins."""
    second_process.clock = portal.clock
    session = await business.client(EMAIL)
    generator, recovery = await set_up(portal, session["accessToken"])
    asked = await first_step(portal)
    assert (asked["session"], asked["userErrors"], asked["challenge"]["mustSetUp"]) == (None, [], False)
    given = {"challenge": asked["challenge"]["token"], "code": generator.at(portal.clock.now())}
    tries = await asyncio.gather(*(step(portal, "completeLogIn", **given) for _ in range(20)))
    assert [one["session"] is not None for one in tries].count(True) == 1
    assert {error["code"] for one in tries for error in one["userErrors"]} == {"CODE_REFUSED"}
    by_recovery = {**given, "code": recovery[0]}
    assert (await step(portal, "completeLogIn", **by_recovery))["session"]["person"]["id"] == session["person"]["id"]
    await portal.settle()
    assert portal.mailbox.to(EMAIL)[-1].subject == "Ein zweiter Schritt schützt Ihren Zugang zu nordlicht Portal"


async def test_nothing_of_it_is_stored_or_told_in_clear(portal: Portal, business: Business, capsys: Any) -> None:
    """Secrets, codes and challenges are in no document, log line or event."""
    session = await business.client(EMAIL)
    generator, recovery = await set_up(portal, session["accessToken"])
    challenge, code = (await first_step(portal))["challenge"]["token"], generator.at(portal.clock.now())
    await step(portal, "completeLogIn", challenge=challenge, code=code)
    await portal.settle()
    database = portal.service.database
    names = ("contacts", "staff", "sessions", "idempotency", "outgoing", "tries")
    stored = repr([await database[name].find({}).to_list() for name in names])
    output, events = capsys.readouterr(), repr([event.to_json() for event in portal.bus.published])
    text = stored + events + output.out + output.err
    secrets = (generator.secret, challenge, *recovery, *(one.replace("-", "") for one in recovery))
    assert [secret for secret in secrets if secret in text] == []


async def test_what_is_required_is_set_up_on_the_way_in(portal: Portal, business: Business) -> None:
    """Who accepts an invite where a second factor is required sets it up before being in."""
    shown = "organisation { logInPolicy { staff clients } } userErrors { code }"
    policy = {"staff": "OFFERED", "clients": "REQUIRED"}
    decided = await step(portal, "updateLogInPolicy", business.owner, shown, **policy, idempotencyKey="policy-1")
    assert decided == {"organisation": {"logInPolicy": policy}, "userErrors": []}
    await business.invite(await business.contact(EMAIL))
    accepted = await step(portal, "acceptInvite", token=portal.link_token(EMAIL), password=PASSWORD)
    challenge = accepted["challenge"]["token"]
    assert (accepted["session"], accepted["challenge"]["mustSetUp"]) == (None, True)
    shown = "generator { secret } userErrors { code }"
    made = await step(portal, "setUpSecondFactor", None, shown, challenge=challenge)
    code, shown = TOTP(made["generator"]["secret"]).at(portal.clock.now()), f"recoveryCodes {SESSION}"
    given = {"challenge": challenge, "code": code, "idempotencyKey": "confirm-2"}
    confirmed = await step(portal, "confirmSecondFactor", None, shown, **given)
    me = "{ mySecondFactor { isOn recoveryCodesLeft demand } }"
    seen = (await portal.data(me, confirmed["session"]["accessToken"]))["mySecondFactor"]
    assert seen == {"isOn": True, "recoveryCodesLeft": 10, "demand": "REQUIRED"}
    again = await step(portal, "confirmSecondFactor", None, shown, **given)
    assert (again["recoveryCodes"], again["session"]) == (confirmed["recoveryCodes"], None)


async def test_strangers_learn_nothing_by_the_second_step(portal: Portal, business: Business) -> None:
    """Forged and empty challenges get one answer, with fields that exist."""
    shown = "userErrors { code field }"
    over = {"userErrors": [{"code": "CHALLENGE_OVER", "field": ["challenge"]}]}
    for challenge in ("none", "a.b.c.d.e", "x" * 5000):
        for name in ("completeLogIn", "confirmSecondFactor"):
            assert await step(portal, name, None, shown, challenge=challenge, code="123456") == over
        assert await step(portal, "setUpSecondFactor", None, shown, challenge=challenge) == over
    assert await step(portal, "completeLogIn", None, shown, challenge="", code="123456") == over
    for left_out in ("", 'challenge: ""'):
        document = f"mutation {{ setUpSecondFactor(input: {{ {left_out} }}) {{ userErrors {{ code }} }} }}"
        assert await portal.codes(document) == ["UNAUTHENTICATED"]
