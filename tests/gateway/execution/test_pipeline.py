"""The stages before execution: what is refused, with which code, and what is remembered."""

from typing import Any

import pytest
from graphql import (
    ASTValidationRule,
    GraphQLError,
    build_schema,
    validate,
)

from gateway.limits import Limits
from gateway.pipeline import Pipeline, PipelineOptions, Prepared
from gateway.plan import QueryPlan
from tests.support.plans import fetch

SCHEMA = "type Query { a: String b(x: Int): String } type Mutation { a: String } type Subscription { a: String }"


class Counting:
    """A planner that counts."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.asked: list[tuple[str | None, frozenset[str]]] = []

    def __call__(self, document: object, name: str | None, labels: frozenset[str], _: object) -> QueryPlan:
        """Return one plan for everything."""
        self.asked.append((name, labels))
        return QueryPlan("query", fetch("s", "{ a }"))


def pipeline(**options: object) -> tuple[Pipeline, Counting]:
    """Return a pipeline and its planner."""
    planner = Counting()
    return Pipeline(build_schema(SCHEMA), planner, PipelineOptions(**options)), planner  # pyright: ignore


# (name, query, operation name, code)
REFUSED: list[tuple[str, str, str | None, str]] = [
    ("nothing", "", None, "GRAPHQL_PARSE_FAILED"),
    ("no GraphQL", "SELECT 1", None, "GRAPHQL_PARSE_FAILED"),
    ("half a query", "{ a", None, "GRAPHQL_PARSE_FAILED"),
    ("an empty selection", "{ }", None, "GRAPHQL_PARSE_FAILED"),
    ("a control character", "{ a \x00 }", None, "GRAPHQL_PARSE_FAILED"),
    ("an unknown field", "{ nope }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("an unknown argument", "{ b(y: 1) }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("an unknown fragment", "{ ...F }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("a circle of fragments", "{ ...F } fragment F on Query { ...F }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("a conflict of aliases", "{ x: a x: b(x: 1) }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("the type's name for another field", "{ x: a ... { __typename: a } }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("type definitions", "type X { a: String }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("only a fragment", "fragment F on Query { a }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("no name among several", "query A { a } query B { a }", None, "OPERATION_RESOLUTION_FAILURE"),
    ("an unknown name", "query A { a } query B { a }", "C", "OPERATION_RESOLUTION_FAILURE"),
    ("a wrong name of the only one", "query A { a }", "C", "OPERATION_RESOLUTION_FAILURE"),
]


@pytest.mark.parametrize(("query", "name", "code"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_cannot_run_is_refused_with_a_code(query: str, name: str | None, code: str) -> None:
    """Each stage has its code, and the planner is not asked."""
    stages, planner = pipeline()
    errors = stages.prepare(query, name)
    assert isinstance(errors, list)
    assert {code} == {(error.extensions or {})["code"] for error in errors}
    assert planner.asked == []


def test_too_many_tokens_are_refused_by_the_parser() -> None:
    """A document is not read beyond the number of tokens that the options allow."""
    stages, _ = pipeline(limits=Limits(tokens=10))
    assert isinstance(stages.prepare("{ a a a a }"), Prepared)
    errors = stages.prepare("{" + " a" * 5_000 + "}")
    assert isinstance(errors, list)
    assert "tokens" in errors[0].message


def test_validation_stops_at_its_limit() -> None:
    """A document with many mistakes is answered with a bounded number of errors."""
    stages, _ = pipeline(max_validation_errors=3)
    errors = stages.prepare("{" + " ".join(f"x{at}" for at in range(50)) + "}")
    assert isinstance(errors, list)
    assert len(errors) <= 4


def test_suggestions_are_off_unless_wanted() -> None:
    """A misspelling does not teach the schema, with the setting it does."""
    closed = pipeline()[0].prepare("{ b(xx: 1) }")
    opened = pipeline(suggestions=True)[0].prepare("{ b(xx: 1) }")
    assert isinstance(closed, list)
    assert isinstance(opened, list)
    assert ("Did you mean" in closed[0].message, "Did you mean" in opened[0].message) == (False, True)


def test_the_code_of_a_limit_stays() -> None:
    """A rule's own code is not overwritten."""

    class Refusing(ASTValidationRule):
        def enter_document(self, *_: object) -> None:
            self.report_error(GraphQLError("too much", extensions={"code": "QUERY_TOO_DEEP"}))

    errors = pipeline(rules=(Refusing,))[0].prepare("{ a }")
    assert isinstance(errors, list)
    assert errors[0].extensions == {"code": "QUERY_TOO_DEEP"}


def test_a_repeated_operation_is_the_same_object() -> None:
    """Parse, validate and plan run once for each text."""
    stages, planner = pipeline()
    first = stages.prepare("{ a }")
    assert first is stages.prepare("{ a }")
    assert len(planner.asked) == 1


def test_name_and_labels_are_part_of_the_key() -> None:
    """One text with two operations is two entries; so are two sets of override labels."""
    stages, planner = pipeline()
    text = "query A { a } query B { a }"
    for name in ("A", "B", "A"):
        assert isinstance(stages.prepare(text, name), Prepared)
    stages.prepare(text, "A", frozenset({"new"}))
    assert [("A", frozenset()), ("B", frozenset()), ("A", frozenset({"new"}))] == planner.asked


def test_the_cache_forgets_what_was_not_used_longest() -> None:
    """The number of operations in memory is bounded, the ones in use stay."""
    stages, planner = pipeline(cache_size=2)
    for alias in ("x", "y", "x", "z", "x", "y"):
        stages.prepare(f"{{ {alias}: a }}")
    assert len(planner.asked) == 4


@pytest.mark.parametrize("name", ["A", None])
def test_a_prepared_operation_knows_its_name(name: str | None) -> None:
    """For logs and spans."""
    prepared = pipeline()[0].prepare(f"query {name or ''} {{ a }}")
    assert isinstance(prepared, Prepared)
    assert (name, "query") == (prepared.name, prepared.kind)


def test_rules_of_variables_are_for_documents_that_have_any(monkeypatch: pytest.MonkeyPatch) -> None:
    """They walk the document once more; what they refuse needs a `$`."""
    given: list[set[type[ASTValidationRule]]] = []

    def recording(*asked: Any, **options: Any) -> list[GraphQLError]:
        given.append({*asked[2]})
        return validate(*asked, **options)

    monkeypatch.setattr("gateway.pipeline.validate", recording)
    stages, _ = pipeline()
    assert isinstance(stages.prepare("{ a }"), Prepared)
    assert isinstance(stages.prepare("query($x: Int) { b(x: $x) }"), Prepared)
    refused = [
        stages.prepare(query) for query in ("{ b(x: $x) }", "query($x: Int) { a }", "query($x: Query) { b(x: $x) }")
    ]
    assert [isinstance(one, list) and len(one) >= 1 for one in refused] == [True] * 3
    without, *others = given
    assert [len(each - without) for each in others] == [4] * 4
