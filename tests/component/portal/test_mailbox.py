"""The mailbox page of the embedded portal."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chassis.mail import Attachment, FileMailer, MailMessage
from portal_cli.mailbox import create_app
from tests.support.asgi import Answer, request

_LOCAL = {"host": "127.0.0.1:8083"}


async def _get(folder: Path, path: str) -> Answer:
    return await request(create_app(folder), path, headers=_LOCAL)


async def _mail(folder: Path, **changes: object) -> str:
    values: dict[str, object] = {
        "message_id": "one@portal.example",
        "sender_name": "Acme",
        "sender": "portal@acme.example",
        "to_name": "Ada",
        "to": "ada@client.example",
        "subject": "Your invoice",
        "text": "Hello Ada",
        "html": "<p>Hello <b>Ada</b></p><script>alert(1)</script>",
        "sent_at": datetime(2026, 11, 22, 10, 0, tzinfo=UTC),
    }
    await FileMailer(folder).send(MailMessage(**(values | changes)))  # pyright: ignore[reportArgumentType]
    return next(file.name for file in folder.glob("*.eml"))


async def test_the_newest_mail_comes_first(tmp_path: Path) -> None:
    """The list shows time, recipient and subject of each mail, newest first."""
    await _mail(tmp_path)
    await _mail(tmp_path, message_id="two@portal.example", subject="Later", sent_at=datetime(2026, 11, 23, tzinfo=UTC))

    page = (await _get(tmp_path, "/")).text

    assert page.index("Later") < page.index("Your invoice")
    assert "Ada &lt;ada@client.example&gt;" in page


async def test_markup_in_a_subject_is_text(tmp_path: Path) -> None:
    """What others write never becomes part of our page."""
    await _mail(tmp_path, subject="<script>alert(1)</script>")

    page = (await _get(tmp_path, "/")).text

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


async def test_html_is_shown_in_a_frame_that_can_do_nothing(tmp_path: Path) -> None:
    """The frame is sandboxed by its element and by its own policy: no script, no request, no origin."""
    name = await _mail(tmp_path)

    page, body = await _get(tmp_path, f"/mails/{name}"), await _get(tmp_path, f"/mails/{name}/body")

    for answer in (page, body):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
    assert '<iframe sandbox="allow-popups"' in page.text
    assert "<script>" not in page.text
    assert body.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"
    )
    assert "<p>Hello <b>Ada</b></p>" in body.text


async def test_an_attachment_is_downloaded_never_shown(tmp_path: Path) -> None:
    """An attachment comes as a download that a browser will not interpret."""
    page = Attachment("évil.html", "text/html", b"<script>alert(1)</script>")
    name = await _mail(tmp_path, attachments=(page,))

    answer = await _get(tmp_path, f"/mails/{name}/attachments/0")

    assert answer.body == b"<script>alert(1)</script>"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A9vil.html"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/mails/none.eml", "/mails/../secrets.json", "/mails/..\\secrets.json", "/mails/none.eml/attachments/0"],
)
async def test_only_mails_can_be_read(tmp_path: Path, path: str) -> None:
    """A name that is no mail of the folder is not found, wherever it points."""
    (tmp_path / "secrets.json").write_text("secret")
    mails = tmp_path / "mail"
    mails.mkdir()
    name = await _mail(mails)

    assert (await _get(mails, path)).status == 404
    assert (await _get(mails, f"/mails/{name}/attachments/7")).status == 404


async def test_only_local_names_are_answered(tmp_path: Path) -> None:
    """A page of another site cannot read the mailbox by giving its own name the address of this machine."""
    await _mail(tmp_path)

    answer = await request(create_app(tmp_path), "/", headers={"host": "evil.example"})

    assert answer.status == 400
