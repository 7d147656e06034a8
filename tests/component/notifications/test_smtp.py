"""Mail over real SMTP: a server that fails in every way, and a sender that is killed (promise 16)."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from chassis.kernel import SystemClock, new_id
from chassis.mailing.delivering import Deliver
from chassis.mongo.client import Database, connect
from chassis.mongo.indexes import ensure_indexes
from chassis.smtp import SmtpMailer
from services.notifications.adapters.mail_courier import MailCourier
from services.notifications.adapters.mongo_directory import MongoDirectory
from services.notifications.adapters.mongo_notifications import INDEXES, MongoNotifications
from services.notifications.domain.kinds import Channel, Kind
from services.notifications.domain.notification import Notification, Recipient, Status
from services.notifications.messaging.published import LANGUAGE
from tests.support.clock import FakeClock
from tests.support.notifications.fakes import FakeFiles, FakeIdentity
from tests.support.notifications.makers import CARL, OLGA, ORG, news
from tests.support.smtp import MailServer
from tests.support.soak import how_many, soak
from tests.support.waiting import LIMIT, eventually


class Sender:
    """The mail queue over a real database and a real mail server."""

    def __init__(self, database: Database, port: int, *, patience: float = LIMIT) -> None:
        self.clock = FakeClock()
        self.store = MongoNotifications(database, LANGUAGE)
        mailer = SmtpMailer("127.0.0.1", port, starttls=False, timeout=patience, final_timeout=patience)
        place = {"sender": "portal@our.example", "portal_url": "https://portal.example"}
        courier = MailCourier(mailer, FakeFiles(), MongoDirectory(database, FakeIdentity()), **place)
        self.deliver = Deliver(self.store, courier, self.clock)

    async def queue(self, count: int, recipient: Recipient = OLGA, kind: Kind = Kind.COMMENT_ADDED) -> list[str]:
        rows = [Notification.tell(news(kind), recipient, Channel.EMAIL, self.clock.now()) for _ in range(count)]
        await asyncio.gather(*(self.store.add(row) for row in rows))
        return [row.id for row in rows]

    async def drain_until_empty(self) -> None:
        while await self.store.collection.count_documents({"status": Status.QUEUED.value}):
            await self.deliver.drain()
            self.clock.advance(seconds=self.deliver.rest_seconds if self.deliver.is_down else 60)


@pytest.fixture
async def database(mongo_url: str, database_name: str):
    opened = connect(mongo_url, database_name)
    await ensure_indexes(opened, INDEXES)
    yield opened
    await opened.close()


FAULTS = ["421 busy", "451 later", "hang", "drop"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_mails_survive_a_server_that_fails(database: Database, fault: str) -> None:
    """Whatever a server does to some mails for now, in the end each mail was taken exactly once.

    Only a server that hangs is waited for in vain, so only then is the sender impatient.
    """
    hangs = fault == "hang"
    failing = {3} if hangs else {3, 6, 9}
    server = MailServer(answer=lambda seen: fault if seen in failing else "250 OK")
    with server.running():
        sender = Sender(database, server.port, patience=5 if hangs else LIMIT)
        ids = await sender.queue(12)
        await sender.drain_until_empty()

    assert server.copies() == {f"<{one}@portal.example>": 1 for one in ids}


MAILS = how_many(60, 500)


@soak
@pytest.mark.slow
async def test_many_mails(database: Database) -> None:
    """Mails through a server that is away first and then answers 4xx to every seventh: all taken, each once."""
    server = MailServer(answer=lambda seen: "451 later" if seen % 7 == 0 else "250 OK")
    with server.running():
        port = server.port
    sender = Sender(database, port)
    ids = await sender.queue(MAILS)
    for _ in range(5):
        await sender.deliver.drain()
        sender.clock.advance(seconds=sender.deliver.rest_seconds)
    with server.running(port):
        await sender.drain_until_empty()

    print(f"{MAILS} mails: {len(server.accepted)} taken, {server.seen} tried")
    assert server.copies() == {f"<{one}@portal.example>": 1 for one in ids}


async def test_a_refusal_is_final(database: Database) -> None:
    """A 5xx answer fails the mail at once, with its reason, and the others go on."""
    server = MailServer(answer=lambda seen: "550 no such user" if seen == 1 else "250 OK")
    with server.running():
        sender = Sender(database, server.port)
        await sender.queue(3)
        await sender.drain_until_empty()

    failed = await sender.store.collection.find({"status": Status.FAILED.value}).to_list()
    assert [row["failure"] for row in failed] == ["SMTP 550"]
    assert (server.seen, len(server.accepted)) == (3, 2)


async def test_what_arrives_is_a_proper_mail(database: Database) -> None:
    """Over the wire: headers, both texts and the attachment, with every script in the name and the quote."""
    server = MailServer()
    with server.running():
        sender = Sender(database, server.port)
        await sender.queue(1, Recipient(**{**_fields(CARL), "name": "Jürgen, 日本"}), Kind.DOCUMENT_SENT)
        await sender.drain_until_empty()

    (mail,) = server.mails()
    (to,) = mail["To"].addresses
    assert (to.display_name, to.addr_spec) == ("Jürgen, 日本", CARL.email)
    assert [part.get_filename() for part in mail.iter_attachments()] == ["Invoice INV-0007.pdf"]
    body = mail.get_body(("html",))
    assert body is not None
    assert "Could we start in May?" in body.get_content()


def _fields(person: Recipient) -> dict:
    return {name: getattr(person, name) for name in person.__slots__}


WORKER = """
import asyncio, sys
from services.notifications.settings import NotificationsSettings
from services.notifications.worker import run
asyncio.run(run(NotificationsSettings()))
"""


@soak
@pytest.mark.slow
async def test_a_killed_sender_repeats_one_mail_at_most(secantusdb_url: str, tmp_path: Path) -> None:
    """SIGKILL the worker again and again while it sends: every mail arrives, at most one copy more per kill."""
    prefix = f"test_{new_id('ntf')}_"
    database = connect(secantusdb_url, f"{prefix}notifications")
    await ensure_indexes(database, INDEXES)
    server, kills, total = MailServer(), how_many(3, 5), how_many(75, 150)
    with server.running():
        store = MongoNotifications(database, LANGUAGE)
        rows = [Notification.tell(news(), OLGA, Channel.EMAIL, SystemClock().now()) for _ in range(total)]
        await asyncio.gather(*(store.add(row) for row in rows))
        directory = MongoDirectory(database, FakeIdentity())
        await directory.note_organisation(ORG, 1, {"name": "Northwind", "email": None})
        await directory.note_portal(ORG, 1, {"name": "Northwind Portal", "slug": "northwind", "open": True})
        olga = {"organisation_id": ORG, "name": OLGA.name, "email": OLGA.email, "language": "en"}
        await directory.note_person(OLGA.id, 1, olga | {"audience": "staff", "active": True})
        environment = _environment(secantusdb_url, prefix, server.port)
        for kill in range(1, kills + 1):
            worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, env=environment)
            await eventually(lambda goal=kill * 20: len(server.accepted) >= goal, f"mail {kill * 20}")
            worker.send_signal(signal.SIGKILL)
            await worker.wait()
        await store.collection.update_many({"status": "queued"}, {"$set": {"next_attempt_at": SystemClock().now()}})
        worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, env=environment)
        await eventually(lambda: len(server.copies()) == total, "every mail")
        worker.terminate()
        await worker.wait()

    extra = sum(server.copies().values()) - total
    print(f"{total} mails, {kills} kills: {len(server.copies())} delivered, {extra} copies more")
    assert len(server.copies()) == total
    assert extra <= kills
    await database.drop()
    await database.close()


def _environment(mongo_url: str, prefix: str, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.getcwd(),
        "PORTAL_MONGO_URL": mongo_url,
        "PORTAL_DATABASE_PREFIX": prefix,
        "PORTAL_SMTP_PORT": str(port),
        "PORTAL_SMTP_STARTTLS": "false",
        "PORTAL_PORTAL_URL": "https://portal.example",
        "PORTAL_GATEWAY_KEY": "Zt4Qw9_sVb2LmX7cRk1PdN8fHy5JgA3e",
        "PORTAL_SERVICE_KEY": "e3AgJ5yHf8NdP1kRc7XmL2bVs_9wQ4tZ",
    }
