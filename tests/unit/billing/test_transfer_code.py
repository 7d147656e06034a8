"""The QR code for a transfer says what EPC069-12 allows, for the account that the business named in its own words."""

from decimal import Decimal

import pytest
import segno

from services.billing.adapters.pdf.codes import svg_of
from services.billing.domain.transfer_code import Account, account_in, code_of, is_checked, structured

D = Decimal
ACCOUNT = Account("DE89 3704 0044 0532 0130 00", "COBADEFFXXX")
IBANS = {
    "DE": "DE89370400440532013000",
    "FR": "FR1420041010050500013M02606",
    "NL": "NL91ABNA0417164300",
    "MT": "MT84MALT011000012345MTLCAST001S",
    "NO": "NO9386011117947",
    "GB": "GB29NWBK60161331926819",
    "ES": "ES9121000418450200051332",
    "BE": "BE68539007547034",
    "AT": "AT611904300234573201",
    "PL": "PL61109010140000071219812874",
}


def grouped(iban: str) -> str:
    return " ".join(iban[place : place + 4] for place in range(0, len(iban), 4))


@pytest.mark.parametrize("iban", IBANS.values(), ids=IBANS)
def test_an_account_is_read_as_people_write_it(iban: str) -> None:
    """With blanks and without, at the end of a sentence, with its BIC in another line."""
    bic = f"COBA{iban[:2]}FFXXX"
    for written in (iban, grouped(iban), grouped(iban).replace(" ", "\xa0")):
        found = account_in(f"Please transfer to {written}.\nBIC: {bic}\nThank you.")

        assert found == Account(written, bic)
        assert found is not None
        assert found.number == iban


@pytest.mark.parametrize("iban", IBANS.values(), ids=IBANS)
@pytest.mark.parametrize("after", [" BIC", " KBC Bank", " AXA1", " 12 days", "-B", "\nSWIFT"])
def test_words_that_follow_are_no_part_of_it(iban: str, after: str) -> None:
    """Each country's accounts have one length, so what stands behind one is none of it; small letters are one, too."""
    for written in (iban, grouped(iban), grouped(iban).replace(" ", "-"), grouped(iban).lower()):
        found = account_in(f"Pay to {written}{after}.")

        assert found is not None
        assert (found.iban, found.number) == (written, iban)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Please transfer the amount.",
        "DE88 3704 0044 0532 0130 00",
        "BR1800360305000010009795493C1",
        "DE89370400440532013000 or NL91ABNA0417164300",
        "XDE89370400440532013000",
        "4500012345-4500012346",
    ],
)
def test_what_names_no_account_or_several_has_no_code(text: str) -> None:
    """Wrong check digits, a country outside SEPA, two accounts: nobody guesses where money goes."""
    assert account_in(text) is None


@pytest.mark.parametrize(
    ("text", "bic"),
    [
        ("Swift: BOFIIE2D\nIBAN: IE29 AIBK 9311 5212 3456 78", "BOFIIE2D"),
        ("BIC/SWIFT-Code: BNPAFRPPXXX IBAN FR1420041010050500013M02606", "BNPAFRPPXXX"),
        ("Kód BIC/SWIFT: GIBACZPX IBAN CZ65 0800 0000 1920 0014 5399", "GIBACZPX"),
        ("Code BIC : CCBPFRPPREU, IBAN : FR14 2004 1010 0505 0001 3M02 606", "CCBPFRPPREU"),
        ("SWIFT code: SBOVREM1 IBAN FR1420041010050500013M02606", "SBOVREM1"),
        ("bic cobadeffxxx iban DE89370400440532013000", "COBADEFFXXX"),
        ("SWIFT code GIBAATWW IBAN AT611904300234573201", "GIBAATWW"),
        ("BIC BARCJESH IBAN GB29NWBK60161331926819", "BARCJESH"),
        ("IBAN DE89370400440532013000, BIC DEUTSCHE Bank", ""),
        ("SWIFT TRANSFER to IBAN DE89370400440532013000", ""),
        ("SWIFT CHASUS33 for dollars. IBAN DE89370400440532013000", ""),
        ("SWIFT CHASUS33 for dollars. BIC COBADEFF. IBAN DE89370400440532013000", "COBADEFF"),
        ("COBADEFF, IBAN DE89370400440532013000", ""),
    ],
)
def test_a_bic_is_one_of_the_account_s_country(text: str, bic: str) -> None:
    """By whatever name; a word of eight letters, or the bank of another currency's account, is none of this account."""
    found = account_in(text)

    assert found is not None
    assert found.bic == bic


@pytest.mark.parametrize(
    ("iban", "bic", "is_made"),
    [
        ("GB29NWBK60161331926819", "", False),
        ("CH9300762011623852957", "", False),
        ("MC5811222000010123456789030", "", False),
        ("RS35260005601001611379", "", False),
        ("GB29NWBK60161331926819", "NWBKGB2L", True),
        ("CH9300762011623852957", "POFICHBEXXX", True),
        ("LI21088100002324013AA", "", True),
        ("NO9386011117947", "", True),
        ("IS140159260076545510730339", "", True),
    ],
)
def test_beyond_the_eea_the_bic_has_to_be_known(iban: str, bic: str, is_made: bool) -> None:
    """Version 002 leaves it optional within the EEA only: a banking app cannot send what else it reads."""
    assert (code_of(Account(iban, bic), "Nord Ltd", D(1), "EUR", "x") != "") == is_made


def test_the_code_is_that_of_the_guidelines() -> None:
    """Twelve lines at most: service tag, version 2, UTF-8, SCT, BIC, name, IBAN, amount, purpose, reference, text."""
    assert code_of(ACCOUNT, "Nord GmbH", D("345.1"), "EUR", "INV-000007").split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "COBADEFFXXX",
        "Nord GmbH",
        "DE89370400440532013000",
        "EUR345.10",
        "",
        "",
        "INV-000007",
    ]


def test_a_structured_reference_stands_in_its_own_line() -> None:
    """A creditor reference of ISO 11649 is given as such, and no text beside it."""
    lines = code_of(ACCOUNT, "Nord GmbH", D(1), "EUR", "rf18 5390 0754 7034").split("\n")

    assert lines[8:] == ["", "RF18539007547034"]


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("RF18 5390 0754 7034", "RF18539007547034"),
        ("RF19 5390 0754 7034", ""),
        ("INV-0007", ""),
        ("RF18", ""),
        ("", ""),
    ],
)
def test_a_creditor_reference_has_check_digits(reference: str, found: str) -> None:
    """What only looks like one is text."""
    assert structured(reference) == found


@pytest.mark.parametrize(
    ("amount", "currency", "is_made"),
    [
        ("0.01", "EUR", True),
        ("999999999.99", "EUR", True),
        ("0", "EUR", False),
        ("-1", "EUR", False),
        ("1000000000", "EUR", False),
        ("100", "CHF", False),
        ("100", "USD", False),
    ],
)
def test_only_what_the_guidelines_know_has_a_code(amount: str, currency: str, is_made: bool) -> None:
    """Euros only, from one cent to 999,999,999.99."""
    assert (code_of(ACCOUNT, "Nord GmbH", D(amount), currency, "x") != "") == is_made


@pytest.mark.parametrize("text", ["ö", "株", "a", "😀", "x y "])
def test_long_names_and_references_are_cut_to_the_limits(text: str) -> None:
    """The name has 70 characters at most, the text 140, the whole 331 bytes and a code of version 13."""
    code = code_of(ACCOUNT, text * 200, D("999999999.99"), "EUR", text * 200)

    if code:
        lines = code.split("\n")
        assert len(lines[5]) <= 70
        assert len(lines[10]) <= 140
        assert len(code.encode()) <= 331
        assert segno.make_qr(code, error="m", encoding="utf-8", boost_error=False).symbol_size(border=0)[0] <= 69
    assert bool(code) == (len(text.encode()) <= 1 or text == "x y ")


def test_a_name_of_several_lines_stays_in_its_line() -> None:
    """Nothing that was typed can add a line to the code."""
    code = code_of(ACCOUNT, "Nord\nDE00 0000", D(1), "EUR", "a\nb")

    assert code.split("\n")[5:7] == ["Nord DE00 0000", "DE89370400440532013000"]
    assert code.split("\n")[-1] == "a b"


def test_check_digits_are_those_of_iso_7064() -> None:
    """One digit changed is noticed."""
    assert is_checked("RF18539007547034")
    assert not is_checked("RF18539007547035")


def test_the_picture_is_the_code() -> None:
    """The SVG has the quiet zone of four modules, nothing to fetch, and is the same each time."""
    picture = svg_of("https://portal.example/x")

    side = segno.make_qr("https://portal.example/x", error="m", encoding="utf-8", boost_error=False).symbol_size(
        border=4
    )[0]
    assert f'viewBox="0 0 {side} {side}"' in picture
    assert "href" not in picture
    assert picture == svg_of("https://portal.example/x")
