"""The hosted card form and the challenge page, as a browser sees them."""

from tests.support.sandbox import GOOD, Sandbox

FORM = {
    "number": GOOD,
    "expiry": "12/40",
    "cvv": "123",
    "name": "Ada",
    "line1": "1 Main St",
    "city": "Bonn",
    "country": "DE",
}


async def test_the_form_posts_only_to_itself(sandbox: Sandbox) -> None:
    """Neither the form nor the page's policy lets the number go anywhere else."""
    async with sandbox.http.get(await sandbox.open_form()) as answer:
        html, policy = await answer.text(), answer.headers["content-security-policy"]

    assert 'method="post"' in html
    assert "action=" not in html
    assert "form-action 'self'" in policy
    for field in ("number", "expiry", "cvv", "line1", "country"):
        assert f'name="{field}"' in html


async def test_a_refused_number_is_never_shown_again(sandbox: Sandbox) -> None:
    """The form comes back with what was typed, but without number and CVV."""
    typed = {**FORM, "number": "4242424242424241", "cvv": "987"}
    async with sandbox.http.post(await sandbox.open_form(), data=typed) as answer:
        html = await answer.text()

    assert answer.status == 422
    assert "Your card number is invalid." in html
    assert "1 Main St" in html
    assert "4242424242424241" not in html
    assert "987" not in html


async def test_the_token_goes_back_by_redirect(sandbox: Sandbox) -> None:
    """With a return address the page leads there with the token."""
    form = await sandbox.open_form(return_url="https://portal.example/pay?invoice=1")
    async with sandbox.http.post(form, data=FORM) as answer:
        html = await answer.text()

    assert "https://portal.example/pay?invoice=1&amp;card_token=tok_" in html


async def test_the_token_goes_back_to_the_opener(sandbox: Sandbox) -> None:
    """Without one it is posted to the opener, to its origin only."""
    form = await sandbox.open_form(origin="https://portal.example")
    async with sandbox.http.post(form, data=FORM) as answer:
        html = await answer.text()

    assert 'origin = "https://portal.example"' in html
    assert "postMessage(message, origin)" in html


async def test_a_form_works_once(sandbox: Sandbox) -> None:
    """The second card in the same form is refused."""
    form = await sandbox.open_form()
    await sandbox.fill_in(form)

    status, refusal = await sandbox.fill_in(form)

    assert (status, refusal["error"]["code"]) == (409, "session_used")


async def test_names_are_data(sandbox: Sandbox) -> None:
    """Markup in a field is shown as text."""
    typed = {**FORM, "name": "<script>alert(1)</script>", "city": ""}
    async with sandbox.http.post(await sandbox.open_form(), data=typed) as answer:
        html = await answer.text()

    assert "<script>alert" not in html


async def test_a_missing_address_names_the_field(sandbox: Sandbox) -> None:
    """Billing address and country are required."""
    for field in ("name", "line1", "city", "country"):
        _, refusal = await sandbox.fill_in(await sandbox.open_form(), **{field: ""})
        assert refusal["error"]["param"] == field


async def test_opening_the_challenge_decides_nothing(sandbox: Sandbox) -> None:
    """A GET, by a mail scanner say, neither approves nor declines."""
    card = await sandbox.card("4000002760003184")
    body = {"reference": "pay_1", "amount": 5, "currency": "EUR", **card}
    _, payment = await sandbox.call("POST", "/v1/payments", body)
    _, waiting = await sandbox.call("POST", f"/v1/payments/{payment['id']}/confirm", {})

    async with sandbox.http.get(waiting["next_action"]["redirect_url"]) as answer:
        assert "ends in 3184" in await answer.text()

    assert (await sandbox.call("GET", f"/v1/payments/{payment['id']}"))[1]["status"] == "requires_action"
