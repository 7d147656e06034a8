"""The web process with its worker: ready, relaying, reacting and running its jobs by itself."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from chassis.bus.memory import MemoryBus
from chassis.kernel import SystemClock
from chassis.service_app import service_app
from services.billing.bootstrap import assemble
from services.billing.settings import BillingSettings
from tests.support.asgi import ready, ready_text
from tests.support.billing.makers import OWNER
from tests.support.billing.running import Running, invoice_input, known_identity
from tests.support.clock import FakeClock
from tests.support.subgraph import GATEWAY_KEY, Subgraph
from tests.support.tokens import ISSUER, Signer
from tests.support.twice import TwiceBus
from tests.support.waiting import eventually


@pytest.fixture
async def process(mongo_url: str, database_name: str) -> AsyncIterator[Running]:
    """One process with a worker inside, as in small installations, on the real clock."""
    bus, identity, clock = TwiceBus(), known_identity(), FakeClock(SystemClock().now())
    signer = Signer(clock)
    settings = BillingSettings(
        mongo_url=mongo_url,
        database_prefix=f"{database_name}_",
        gateway_key=SecretStr(GATEWAY_KEY),
        service_key=SecretStr("service-key-for-tests"),
        issuer=ISSUER,
        run_worker=True,
        watch_seconds=0.05,
    )
    service = assemble(settings, bus=bus, clock=clock, keys=signer, identity=identity, logos=identity)
    app = service_app("billing", service, settings)
    async with app.router.lifespan_context(app):
        answer = await ready(app)
        assert (answer.status, answer.text) == (200, ready_text())
        yield Running(service, bus, clock, identity, Subgraph(service.routes, signer))
        await service.database.drop()


async def test_a_process_with_a_worker_does_everything_by_itself(process: Running) -> None:
    """What is sent is relayed, and when its day has passed the job tells that it is overdue, once."""
    due = (process.clock.now() + timedelta(days=1)).date().isoformat()  # today is over already in some time zones
    invoice = await process.invoice("createInvoice", OWNER, **invoice_input(terms={"dueOn": due}))
    await process.invoice("sendInvoice", OWNER, invoiceId=invoice["id"])

    def told() -> list[str]:
        return [event.type for event in process.bus.published]

    await eventually(lambda: "billing.invoice_sent.v1" in told(), "the relayed event")
    process.clock.advance(days=3)
    await eventually(lambda: "billing.invoice_overdue.v1" in told(), "the job's event")
    assert told() == ["billing.invoice_drafted.v1", "billing.invoice_sent.v1", "billing.invoice_overdue.v1"]


def test_a_process_chooses_its_bus_from_the_settings() -> None:
    """Without a broker's address the bus is inside the process; nothing is connected before it runs."""
    settings = BillingSettings(gateway_key=SecretStr("k" * 16), service_key=SecretStr("s" * 16))
    assert isinstance(assemble(settings).bus, MemoryBus)
