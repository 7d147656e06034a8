"""A database that contradicts itself about a number is given up on, and never asked for ever."""

from typing import Any, cast

import pytest

from chassis.kernel import ConcurrentUpdate
from chassis.mongo.client import DUPLICATE_KEY, Database
from services.billing.adapters.mongo_numbers import ATTEMPTS, MongoNumberSeries
from services.billing.domain.series import Series


class Contradicting:
    """Says that every document has a number already, and shows none."""

    def __init__(self) -> None:
        self.inserts = 0

    def __getitem__(self, _: str) -> "Contradicting":
        return self

    async def find_one(self, *_: Any) -> None:
        return None

    async def insert_one(self, _: Any) -> None:
        self.inserts += 1
        raise DUPLICATE_KEY("taken")

    def find(self, _: Any) -> "Contradicting":
        return self

    def sort(self, *_: Any) -> "Contradicting":
        return self

    def limit(self, _: int) -> "Contradicting":
        return self

    async def to_list(self) -> list[Any]:
        return []


async def test_a_number_that_is_taken_and_not_there_ends_in_a_refusal() -> None:
    """After a bounded number of looks, each with a pause, the caller hears that it may try again."""
    database = Contradicting()
    with pytest.raises(ConcurrentUpdate):
        await MongoNumberSeries(cast(Database, database)).take("org_1", Series.INVOICE, "inv_1")
    assert database.inserts == ATTEMPTS
