"""Passkeys through the GraphQL door, on a real database, with other processes beside."""

import asyncio
import json
from typing import Any

from tests.support.identity.authenticator import Authenticator
from tests.support.identity.portal import SESSION, Business, Portal

EMAIL = "jona@krause.example"
ATTEMPT = "attempt { token options expiresAt } userErrors { code field }"
ADDED = "passkey { id name isSynced lastUsedAt } recoveryCodes userErrors { code field }"
MINE = "{ mySecondFactor { isOn hasApp recoveryCodesLeft passkeys { id name } } }"


async def begin(portal: Portal, name: str, token: str | None = None, **given: Any) -> dict[str, Any]:
    return (await portal.mutate(name, token, ATTEMPT, **given))["attempt"]


async def test_it_is_added_named_used_and_removed(portal: Portal, second_process: Portal, business: Business) -> None:
    """Added once though the request is sent twice; of one attempt at once, one process lets in; changes are mailed."""
    second_process.clock = portal.clock
    access, device = (await business.client(EMAIL))["accessToken"], Authenticator()
    asked = await begin(portal, "beginPasskey", access)
    given = {"token": asked["token"], "credential": device.create(asked["options"]), "name": "Phone"}
    added = [await portal.mutate("addPasskey", access, ADDED, idempotencyKey="add-key-1", **given) for _ in range(2)]
    assert added[0] == added[1]
    assert (added[0]["passkey"]["name"], len(added[0]["recoveryCodes"]), added[0]["userErrors"]) == ("Phone", 10, [])
    first = await begin(portal, "beginPasskeyLogIn")
    assert json.loads(first["options"])["allowCredentials"] == []
    answer = {"token": first["token"], "credential": device.get(first["options"])}
    both = [one.mutate("logInWithPasskey", None, SESSION, **answer) for one in (portal, second_process)]
    outcomes = await asyncio.gather(*both)
    assert sorted(one["session"] is not None for one in outcomes) == [False, True]
    assert [error["code"] for one in outcomes for error in one["userErrors"]] == ["PASSKEY_ATTEMPT_OVER"]
    named = {"id": added[0]["passkey"]["id"], "name": "Work phone"}
    await portal.mutate("renamePasskey", access, "done userErrors { code }", **named)
    mine = (await portal.data(MINE, access))["mySecondFactor"]
    assert mine == {"isOn": True, "hasApp": False, "recoveryCodesLeft": 10, "passkeys": [named]}
    await portal.mutate("removePasskey", access, "done userErrors { code }", id=named["id"])
    assert not (await portal.data(MINE, access))["mySecondFactor"]["isOn"]
    await portal.settle()
    subjects = {mail.subject for mail in portal.mailbox.to(EMAIL)}
    assert {f"Ein Passkey für nordlicht Portal wurde {what}" for what in ("hinzugefügt", "entfernt")} <= subjects


async def test_it_shows_who_one_is_and_strangers_nothing(portal: Portal, business: Business) -> None:
    """A passkey renews the proof that bank details ask for; a stranger's answer is refused as an unknown one is."""
    access, device = (await business.client(EMAIL))["accessToken"], Authenticator()
    asked = await begin(portal, "beginPasskey", access)
    made = device.create(asked["options"])
    await portal.mutate("addPasskey", access, ADDED, token=asked["token"], credential=made, name="Phone")
    document = "mutation { beginPasskeyStepUp { attempt { token options } userErrors { code } } }"
    step = (await portal.data(document, access))["beginPasskeyStepUp"]["attempt"]
    shown = {"token": step["token"], "credential": device.get(step["options"])}
    stepped = "mutation($input: StepUpInput!) { stepUp(input: $input) { session { accessToken } userErrors { code } } }"
    proven = (await portal.data(stepped, access, input={"passkey": shown}))["stepUp"]
    assert (proven["session"] is not None, proven["userErrors"]) == (True, [])
    refusals: list[Any] = []
    known, of_it = device.handle, device.id
    for stranger in (Authenticator(handle=known), Authenticator(id=of_it, handle=known), Authenticator()):
        attempt = await begin(portal, "beginPasskeyLogIn")
        answer = {"token": attempt["token"], "credential": stranger.get(attempt["options"])}
        refusals.append((await portal.mutate("logInWithPasskey", None, SESSION, **answer))["userErrors"])
    assert refusals[0] == refusals[1] == refusals[2] != []
