"""One form of mutation: the work is done once per key, and the answer shows what became of it, whoever asks again."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from chassis.graphql.idempotency import Recall, Seed, of_kind
from chassis.graphql.refusals import Input
from chassis.kernel import Principal
from services.billing.api.documents import Estimate, Invoice
from services.billing.api.errors import DECISIONS
from services.billing.api.values import AppInfo

P = TypeVar("P")
Work = Callable[[Principal, Seed], Awaitable[Any]]


async def decided(
    info: AppInfo,
    given: Input,
    payload: Callable[..., P],
    work: Callable[[Principal, Seed], Awaitable[str]],
    show: Callable[[AppInfo, str], Awaitable[Mapping[str, Any]]],
    recall: Recall | None = None,
) -> P:
    """Do the work once per key, and show what it returns."""
    by = info.context.acting()
    return await DECISIONS.decide_once(
        info, given, payload, lambda seed: work(by, seed), lambda answer: show(info, answer), recall
    )


async def estimate_decided(info: AppInfo, given: Input, payload: Callable[..., P], work: Work) -> P:
    """Do the work once per key and show the estimate that it returns."""

    async def show(info: AppInfo, estimate_id: str) -> Mapping[str, Any]:
        return {"estimate": await Estimate.load(info.context, estimate_id)}

    return await decided(info, given, payload, _id_of(work), show, of_kind("est"))


async def invoice_decided(info: AppInfo, given: Input, payload: Callable[..., P], work: Work) -> P:
    """Do the work once per key and show the invoice that it returns."""

    async def show(info: AppInfo, invoice_id: str) -> Mapping[str, Any]:
        return {"invoice": await Invoice.load(info.context, invoice_id)}

    return await decided(info, given, payload, _id_of(work), show, of_kind("inv"))


def _id_of(work: Work) -> Callable[[Principal, Seed], Awaitable[str]]:
    async def do(by: Principal, seed: Seed) -> str:
        return (await work(by, seed)).id

    return do
