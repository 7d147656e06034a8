"""`portal mails`: an operator lists, shows, retries and releases mails of both services."""

import asyncio
from pathlib import Path

import pytest

from chassis.kernel import Principal, SystemClock, new_id
from chassis.mailing.return_path import ReturnPaths
from chassis.mongo.client import connect
from portal_cli.mails import change, show_list, show_one, take_returned
from portal_cli.refusals import Refusal
from services.identity.adapters.mongo_outgoing import MongoOutgoing
from services.identity.domain.outgoing import Occasion, OutgoingMail
from services.identity.messaging.published import LANGUAGE as IDENTITY
from services.notifications.adapters.mongo_notifications import MongoNotifications
from services.notifications.application.commands.book_bounce import Booked
from services.notifications.domain.kinds import Channel
from services.notifications.domain.notification import Notification
from services.notifications.messaging.published import LANGUAGE
from tests.support.notifications.makers import CARL, ORG, news
from tests.support.storage import quickest
from tests.unit.chassis.test_bounces import MAIL, PATHS, group, notice

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)


def test_failed_mails_are_listed_shown_and_released(
    mongo_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What failed is listed with its reason; released it waits; what was sent is no matter of these commands."""
    monkeypatch.setenv("PORTAL_MONGO_URL", mongo_url)
    monkeypatch.setenv("PORTAL_DATABASE_PREFIX", f"{database_name}_")
    now, here = SystemClock().now(), Path("nowhere")
    failed, sent = (Notification.tell(news(), CARL, Channel.EMAIL, now) for _ in range(2))
    failed.refused("SMTP 550", now)
    sent.sent(now)
    invite = OutgoingMail.of("evt_1", now, ORG, Occasion.INVITE, new_id("con"), 1)

    async def store() -> None:
        for name in ("notifications", "identity"):
            database = connect(mongo_url, f"{database_name}_{name}")
            if name == "identity":
                await MongoOutgoing(database, IDENTITY).post(invite)
            else:
                for mail in (failed, sent):
                    await MongoNotifications(database, LANGUAGE).add(mail)
            await database.close()

    asyncio.run(store())
    assert show_list(here, None) == 0
    listed = capsys.readouterr().out
    assert f"{failed.id}  failed  comment_added" in listed
    assert "SMTP 550" in listed
    assert f"{invite.id}  queued  invite" in listed
    assert sent.id not in listed
    assert show_one(failed.id, here) == 0
    assert CARL.email in capsys.readouterr().out

    assert change("release", failed.id, here) == 0
    assert change("retry", None, here) == 0
    assert "2 mails are tried again" in capsys.readouterr().out
    with pytest.raises(Refusal, match=r"no mail .* that is failed"):
        change("release", sent.id, here)
    with pytest.raises(Refusal, match="no ID of a mail"):
        show_one("inv_1", here)
    with pytest.raises(Refusal, match="no status"):
        show_list(here, "lost")


def test_a_mail_of_identity_that_comes_back_is_booked(
    mongo_url: str, database_name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its return path says whose it is; another secret's, and one of a mail that nobody has, names none of ours."""
    monkeypatch.setenv("PORTAL_MONGO_URL", mongo_url)
    monkeypatch.setenv("PORTAL_DATABASE_PREFIX", f"{database_name}_")
    monkeypatch.setenv("PORTAL_SERVICE_KEY", "a secret of tests")
    now = SystemClock().now()
    invite, unknown = (OutgoingMail.of(event, now, ORG, Occasion.INVITE, new_id("con"), 1) for event in ("e1", "e2"))

    async def store() -> None:
        database = connect(mongo_url, f"{database_name}_identity")
        mails = MongoOutgoing(database, IDENTITY)
        await mails.post(invite)
        await mails.update(Principal.for_service(ORG), invite.id, lambda mail: mail.sent(now))
        await database.close()

    asyncio.run(store())
    forged = ReturnPaths("bounces@portal.example", ["another secret of tests"]).of(invite.id, CARL.email)
    told: list[str] = []
    for path in (PATHS.of(invite.id, CARL.email), PATHS.of(unknown.id, CARL.email), forged):
        content = notice(group("failed", "5.1.1")).replace(PATHS.of(MAIL, "bo@client.example").encode(), b"x@y.example")
        assert take_returned(path, content) == 0
        told.append(" ".join(capsys.readouterr().out.split()))
    assert told == [f"The message {one}." for one in (Booked.BOUNCED, Booked.NOT_OURS, Booked.NOT_OURS)]
    assert show_list(Path("nowhere"), "bounced") == 0
    assert f"{invite.id} bounced invite" in " ".join(capsys.readouterr().out.split())
