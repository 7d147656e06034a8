"""Plain fields read directly are answered as graphql-core answers them, and a known text is not parsed again."""

import enum
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import strawberry
import strawberry.federation
from strawberry.schema.config import StrawberryConfig

from chassis.graphql import known_documents as subgraph
from chassis.graphql.scalars import SCALARS
from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.types import Currency, Money


@strawberry.enum
class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


@strawberry.type
class Thing:
    name: str
    colour: Colour
    day: date | None
    price: Money
    broken: int
    required: str
    tags: list[str]

    @strawberry.field
    async def later(self) -> str:
        return f"{self.name}, later"


def _thing(name: str) -> Thing:
    price = Money(amount=Decimal("12.30"), currency=Currency("EUR"))
    wrong: Any = None
    return Thing(name=name, colour=Colour.BLUE, day=None, price=price, broken=2**40, required=wrong, tags=["a", "b"])


@strawberry.type
class Query:
    @strawberry.field
    def thing(self) -> Thing | None:
        return _thing("one")

    @strawberry.field
    async def things(self) -> list[Thing | None]:
        return [_thing("two"), None, _thing("three")]


OURS = SubgraphSchema(query=Query)
STOCK = strawberry.federation.Schema(query=Query, config=StrawberryConfig(scalar_map=SCALARS))


@pytest.mark.parametrize(
    "text",
    [
        "{ thing { name colour day price { currency amount } } }",
        "{ thing { later name tags __typename other: name } }",
        "{ things { name later colour price { __typename amount } } }",
        "{ thing { name broken } }",
        "{ thing { name required } things { required name } }",
        "query($no: Boolean!) { thing { name @skip(if: $no) colour day @include(if: $no) } }",
    ],
)
async def test_answers_as_graphql_core_does(text: str) -> None:
    """Values, their order, nulls and errors with their paths are those of graphql-core's own execution."""
    ours = await OURS.execute(text, {"no": True})
    stock = await STOCK.execute(text, {"no": True})
    assert repr(ours.data) == repr(stock.data)
    assert [error.path for error in ours.errors or ()] == [error.path for error in stock.errors or ()]


async def test_parses_and_validates_a_text_once() -> None:
    """The second request with the same text finds the document and what is wrong with it."""
    text = "{ thing { name unheardOf } }"
    first = await OURS.execute(text)
    known = subgraph.known_document(OURS._schema, text)
    second = await OURS.execute(text)
    assert subgraph.known_document(OURS._schema, text) is known
    assert [str(error) for error in second.errors or ()] == [str(error) for error in first.errors or ()] != []
