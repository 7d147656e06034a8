"""python-stdnum: its tests hold valid numbers of registers, articles and accounts, which are no cards."""

import json
import subprocess
from pathlib import Path

import pytest

from chassis.card_numbers import looks_like_card_number
from chassis.text import identifier
from portal_cli.foreign import STDNUM
from services.identity.domain.text import optional_identifier
from tests.support.foreign import program

SAID_BEFORE = {"fr.siret": "SIRET", "nz.bankaccount": "Account no."}
"""Kinds of which some begin as cards do, at a card's length: in free text the word before them says what they are."""

Numbers = dict[str, list[str]]


@pytest.fixture(scope="module")
def numbers() -> Numbers:
    """The valid numbers by kind, such as `mk.edb`."""
    folder = program(STDNUM)
    (tests,) = folder.glob("source/*/tests")
    reader = Path(__file__).with_name("stdnum_examples.py")
    done = subprocess.run(
        [folder / "bin" / "python", reader, tests], capture_output=True, check=True, text=True, encoding="utf-8"
    )
    found: Numbers = json.loads(done.stdout)
    assert len(found) > 110
    assert sum(map(len, found.values())) > 12_000
    return found


def test_every_number_is_taken_as_tax_number_register_number_and_reference(numbers: Numbers) -> None:
    """All kinds, all numbers, in each field that holds a number by its nature."""
    each = [(kind, number) for kind, found in numbers.items() for number in found if len(number) <= 50]
    assert [one for one in each if optional_identifier(one[1], "taxId", limit=50) != one[1]] == []
    assert [one for one in each if optional_identifier(one[1], "registrationNumber", limit=50) != one[1]] == []
    assert [one for one in each if identifier(one[1], 100, "reference") != one[1]] == []
    print(f"{len(each)} numbers of {len(numbers)} kinds, 0 refused in three fields")


def test_in_free_text_only_explained_kinds_are_taken_for_cards(numbers: Numbers) -> None:
    """A few numbers without a word before them; with it, none."""
    refused = {kind: [one for one in found if looks_like_card_number(one)] for kind, found in numbers.items()}
    counts = {kind: len(found) for kind, found in refused.items() if found}
    print(f"in free text: {counts}")
    assert set(counts) <= set(SAID_BEFORE)
    assert sum(counts.values()) < 15
    named = [f"{SAID_BEFORE[kind]} {one}" for kind, found in refused.items() for one in found]
    assert [text for text in named if looks_like_card_number(text)] == []


@pytest.mark.parametrize("kind", ["mk.edb", "no.kontonr", "isbn", "ean", "imei", "iban", "lei", "bic"])
def test_the_kinds_that_people_write_most_pass_in_free_text(numbers: Numbers, kind: str) -> None:
    """North Macedonia's tax numbers begin with 4 as Visa's did at 13 digits; so do books and accounts."""
    assert [one for one in numbers.get(kind, []) if looks_like_card_number(f"our number {one}.")] == []
