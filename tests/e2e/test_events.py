"""What real processes publish is what the contract says, and nothing else."""

import json
from typing import Any
from uuid import uuid4

import aio_pika
import jsonschema
from aio_pika.abc import AbstractQueue

from chassis.bus import EXCHANGE
from portal_cli.event_schemas import as_written, published_models
from tests.e2e.running import RunningPortal
from tests.e2e.test_journey import (
    accept_the_second_revision,
    change_the_password,
    convert_once,
    discuss,
    forward_to_a_third_person,
    pay_in_two_parts,
    revise_after_decline,
)
from tests.e2e.world import Organisation, line, sent_estimate
from tests.support.waiting import eventually_answered

SCHEMAS = {model.event_type: as_written(model) for model in published_models()}
EXPECTED = {
    *("identity.customer_created.v1", "identity.contact_accepted.v1", "identity.password_changed.v1"),
    *("billing.estimate_declined.v1", "billing.estimate_accepted.v1", "billing.invoice_drafted.v1"),
    *("billing.invoice_partially_paid.v1", "billing.invoice_paid.v1", "billing.payment_succeeded.v1"),
    *("collaboration.comment_added.v1", "collaboration.document_forwarded.v1"),
    "notifications.notification_sent.v1",
}


async def test_real_events_are_as_the_contract_says(
    portal: RunningPortal, newest_amqp_url: str, organisation: Organisation
) -> None:
    """Every event of a whole journey is valid against its closed schema: known fields, known words, known ids."""
    async with await aio_pika.connect(newest_amqp_url) as connection:
        channel = await connection.channel()
        witness = await channel.declare_queue(f"witness.{uuid4().hex}", durable=True)
        await witness.bind(EXCHANGE, "#")
        travel(portal, organisation)
        seen: list[dict[str, Any]] = []
        await eventually_answered(lambda: _heard(witness, seen), "all events of the journey")
        await witness.delete(if_empty=False)

    for event in seen:
        jsonschema.validate(event, SCHEMAS[event["type"]], cls=jsonschema.Draft202012Validator)
        assert event["id"].rpartition("-")[0] == event["subject"]
        assert event["organisationid"] == event["data"]["organisationId"]


def travel(portal: RunningPortal, organisation: Organisation) -> None:
    """Do what makes most kinds of events."""
    customer = organisation.add_customer("Client Ltd")
    zoe, second = organisation.welcome(customer, "Zoe Client"), organisation.welcome(customer, "Yan Client")
    estimate = sent_estimate(organisation, customer, lines=[line(price="500.00")])
    discuss(organisation, zoe, estimate["id"])
    revise_after_decline(organisation, zoe, estimate["id"])
    accept_the_second_revision(zoe, second, estimate["id"])
    invoice = convert_once(organisation, estimate["id"])
    pay_in_two_parts(organisation, zoe, invoice)
    forward_to_a_third_person(portal, organisation, zoe, invoice)
    change_the_password(organisation, zoe)


async def _heard(witness: AbstractQueue, seen: list[dict[str, Any]]) -> bool:
    while message := await witness.get(no_ack=True, fail=False):
        seen.append(json.loads(message.body))
    return {event["type"] for event in seen} >= EXPECTED
