# ruff: noqa: E501 - documents stay in one line
"""Where introspection is off, guessing names teaches nothing."""

import random
import re

from graphql import GraphQLError, build_schema

from gateway.limits import Limits
from gateway.pipeline import Pipeline, PipelineOptions

SCHEMA = build_schema(
    """
    type Query { secretInvoices(hiddenFilter: SecretFilter, sorting: SecretOrder): [SecretInvoice!] confidential: Person }
    interface Person { privateName: String }
    type Employee implements Person { privateName: String salaryAmount(currencyCode: String): Int }
    type SecretInvoice { totalAmount: Int internalNote: String ownedBy: Employee }
    type Mutation { approvePayment(secretInput: SecretFilter!): SecretInvoice }
    input SecretFilter { minimumTotal: Int internalOnly: Boolean nestedFilter: SecretFilter }
    enum SecretOrder { NEWEST_FIRST LARGEST_FIRST }
    """
)
NAMES = re.findall(r"\w{8,}", " ".join(SCHEMA.type_map) + " secretInvoices hiddenFilter confidential privateName salaryAmount "
                   "currencyCode totalAmount internalNote approvePayment secretInput minimumTotal internalOnly "
                   "nestedFilter NEWEST_FIRST LARGEST_FIRST")  # fmt: skip
TEMPLATES = [
    "{{ {a} }}",
    "{{ confidential {{ {a} }} }}",
    "{{ secretInvoices {{ {a} ownedBy {{ {b} }} }} }}",
    "{{ secretInvoices({a}: 1) {{ __typename }} }}",
    "{{ secretInvoices(hiddenFilter: {{{a}: 1}}) {{ __typename }} }}",
    "{{ secretInvoices(sorting: {a}) {{ __typename }} }}",
    "{{ confidential {{ ... on {a} {{ __typename }} }} }}",
    "query($v: {a}) {{ secretInvoices(hiddenFilter: $v) {{ __typename }} }}",
    "mutation {{ {a} {{ __typename }} }}",
    "mutation {{ approvePayment({a}: {{}}) {{ __typename }} }}",
    "subscription {{ {a} }}",
    "{{ confidential {{ ...F }} }} fragment F on {a} {{ __typename }}",
    "{{ confidential @{a} {{ __typename }} }}",
]


def misspell(name: str, chance: random.Random) -> str:
    """Return the name with one letter dropped, doubled, swapped or changed."""
    at = chance.randrange(1, len(name) - 1)
    before, letter, after = name[:at], name[at], name[at + 1 :]
    return chance.choice(
        [before + after, before + letter * 2 + after, before + after[0] + letter + after[1:], before + "q" + after]
    )


def test_misspellings_get_no_hints():
    """Of 500 misspelled names not one error mentions a name of the schema that the document did not."""
    chance = random.Random(20)
    off = PipelineOptions(limits=Limits(introspection=False), suggestions=False)
    pipeline = Pipeline(SCHEMA, lambda *_: None, off)
    hints = 0
    for number in range(500):
        a, b = (misspell(chance.choice(NAMES), chance) for _ in "ab")
        document = TEMPLATES[number % len(TEMPLATES)].format(a=a, b=b)
        errors = pipeline.prepare(document)
        assert isinstance(errors, list), document
        hints += any(gives_hint(error, document) for error in errors)
    print(f"\n500 misspellings, {hints} hints")
    assert hints == 0


def gives_hint(error: GraphQLError, document: str) -> bool:
    """Return whether an error says more than the sender knew: parents and argument types of named fields are known."""
    known = document + " Query Mutation Person SecretInvoice Employee SecretFilter SecretOrder"
    return "Did you mean" in error.message or any(name in error.message and name not in known for name in NAMES)
