"""What people type: accepted or refused with a named error that never echoes it."""

import base64

import pytest

from chassis.kernel import InvalidInput
from chassis.text import ControlCharacters, LooksLikeCardNumber, TextRequired, TextTooLong
from services.identity.domain import errors, text
from services.identity.domain.common_passwords import most_used
from services.identity.domain.organisation import Logo
from services.identity.domain.passwords import acceptable
from services.identity.domain.places import country, currency, locale, time_zone
from services.identity.domain.text import (
    email_address,
    email_key,
    line,
    optional_paragraph,
)
from tests.support.pictures import PICTURES
from tests.support.pictures import png as picture


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (" jona@krause.example ", "jona@krause.example"),
        ("o'brien+tag@Mail.Example", "o'brien+tag@mail.example"),
        ("jo@bücher.example", "jo@xn--bcher-kva.example"),
        ("\u200bjo@krause.example\ufeff", "jo@krause.example"),
        ("\u202ajo@krause.example\u202c\u00a0", "jo@krause.example"),
        ("ｊｏ＠krause.example", "jo@krause.example"),
        ("jo@نامه\u200cای.example", "jo@xn--mgba3gch31f060k.example"),
    ],
)
def test_addresses_are_accepted(given: str, expected: str) -> None:
    """Common forms pass; the domain is written in one way."""
    assert email_address(given) == expected


@pytest.mark.parametrize(
    "given",
    [
        *("", "a", "@", "a@", "@b.example", "a@b", "a b@c.example", "a@b..example", ".a@b.example", "a.@b.example"),
        *(
            "a@-b.example",
            "a@b.example, c@d.example",
            "a@b.example\nbcc: x@y.example",
            "a@b.example\x00",
            "<a@b.example>",
        ),
        *("a" * 65 + "@b.example", "a@" + "b" * 250 + ".example", '"a b"@c.example', "a@[127.0.0.1]", "ä@b.example"),
        *("a@b.exam ple", "a@b.1", "a@" + "ü" * 80 + ".example"),
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    """Lists, line breaks, quoting tricks and half addresses are no e-mail address."""
    with pytest.raises(errors.InvalidEmail):
        email_address(given)


def test_spellings_of_one_address_have_one_key() -> None:
    """Neither case nor what a keyboard or an address book adds makes a difference."""
    for spelled in ("Jona@Krause.Example ", "\u202ajona@krause.example\u202c", "jona＠krause.example"):
        assert email_key(spelled) == email_key("jona@krause.example")


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ("", TextRequired),
        (None, TextRequired),
        (" \t ", TextRequired),
        ("\u200b\u200d\ufeff", TextRequired),
        ("\u2060 \u00ad", TextRequired),
        ("\u3164\u115f\uffa0", TextRequired),
        ("\u2800", TextRequired),
        ("\u0301\ufe0f", TextRequired),
        ("\U000e0041\U000e0042", TextRequired),
        ("\ue000", TextRequired),
        ("x" * 201, TextTooLong),
        ("x" * 1_000_000, TextTooLong),
        ("a\x00b", ControlCharacters),
        ("a\nb", ControlCharacters),
        ("a\x1b[31mb", ControlCharacters),
        ("a\u2028b", ControlCharacters),
        ("a\u202eb", ControlCharacters),
        ("a\x85b", ControlCharacters),
        ("a\ud800b", ControlCharacters),
        ("card 4242 4242 4242 4242", LooksLikeCardNumber),
        ("378282246310005", LooksLikeCardNumber),
        ("5555-5555-5555-4444 thanks", LooksLikeCardNumber),
        ("4242 4242 4242 4242 123", LooksLikeCardNumber),
    ],
)
def test_lines_are_refused(given: str | None, refusal: type[InvalidInput]) -> None:
    """Empty, endless, unprintable and dangerous texts have an error each, naming the field and not the value."""
    with pytest.raises(refusal) as caught:
        line(given, "name")
    assert caught.value.field == ("name",)
    assert "4242" not in caught.value.message


@pytest.mark.parametrize(
    "given", ["Ünal & Söhne 株式会社", "مرحبا", "שלום", "4242 4242 4242 4241", "73282932000074", "👩‍👩‍👧", "नमस्ते"]
)
def test_lines_in_every_script_are_accepted(given: str) -> None:
    """Names from anywhere pass, and so do numbers that are no card's."""
    assert line(given, "name") == given


def test_a_line_is_as_long_as_what_is_stored_of_it() -> None:
    """Composing may make a text longer (U+FB2C becomes three characters): the limit is of what others read."""
    assert len(line("\ufb2c" * 66, "name")) == 198
    with pytest.raises(TextTooLong):
        line("\ufb2c" * 67, "name")


def test_paragraphs_keep_their_lines() -> None:
    """Notes and banners may have several lines, in one convention."""
    assert optional_paragraph(" a\r\nb\n\tc ", "notes") == "a\nb\n\tc"
    assert optional_paragraph("  ", "notes") is None


@pytest.mark.parametrize(
    "given",
    [
        *("Null", "True", "NaN", "None", "0", "X", "Ng", "Ó", "O'Brien", "d’Arc", "de Vries", "Mary-Jane", "Jr."),
        *("3M", "7-Eleven", "1&1 AG", "4711", "2026", "AT&T", "me@work GmbH", "C&A", "100% Bio", "$hop", "€uro Ltd"),
        *("eBay", "=SUM", "-", "+1", "北京", "Æ", "𠮷野家", "Null & Void <Ltd>", "admin", "N/A", "test"),
    ],
)
def test_a_name_is_a_name_whatever_it_looks_like(given: str) -> None:
    """Words of programs, numbers, signs, single letters and mail-like names are taken as they are typed."""
    assert line(given, "name") == given


@pytest.mark.parametrize(
    ("read", "good", "bad"),
    [
        (country, "de", "XX"),
        (country, "JP", "EU"),
        (currency, "kwd", "XXX"),
        (currency, "JPY", "EURO"),
        (currency, "eur", "DEM"),
        (time_zone, "Europe/Berlin", "Europe/Nowhere"),
        (time_zone, "UTC", "../../etc/passwd"),
        (time_zone, "Africa/Casablanca", "localtime"),
        (currency, "BGN", "HRK"),
        (locale, "de_DE", "xx-YY"),
        (locale, "pt-BR", ""),
        (locale, "en-GB", "de-DE@euro"),
    ],
)
def test_codes_are_known_or_refused(read: object, good: str, bad: str) -> None:
    """Countries, currencies, time zones and locales come from the standards' lists."""
    assert callable(read)
    assert read(good)
    with pytest.raises(InvalidInput):
        read(bad)


def test_a_logo_is_read_from_its_own_bytes() -> None:
    """PNG and JPEG pass; SVG, HTML, nonsense and big files do not."""
    png = base64.b64encode(picture()).decode()
    assert Logo.parse(png).media_type == "image/png"
    assert Logo.parse("data:image/png;base64," + png) == Logo.parse("data:image/x-png;base64," + png) == Logo.parse(png)
    big = base64.b64encode(b"\xff\xd8\xff" + b"x" * 300_000).decode()
    for bad in ("", "no base64!", base64.b64encode(b"<svg/>").decode(), big, "data:text/html;base64," + png):
        with pytest.raises(errors.InvalidLogo):
            Logo.parse(bad)


def jpeg(components: int, width: int = 64, height: int = 32) -> str:
    """Return the head of a JPEG with so many colours; markers are padded, as some programs do."""
    frame = b"\x00\x11\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + bytes([components])
    return base64.b64encode(b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xff\xc0" + frame + b"\x00" * 20).decode()


@pytest.mark.parametrize(
    ("logo", "told"),
    [
        (jpeg(4), "CMYK"),
        (jpeg(3, width=5000), "5000 × 32"),
        (jpeg(1, height=4097), "64 × 4097"),
        (jpeg(3, width=0), "0 × 32"),
    ],
)
def test_a_logo_that_no_paper_can_show_is_refused_when_it_is_given(logo: str, told: str) -> None:
    """Colours of a printing press and sizes beyond reason are told at once, not found missing on the first invoice."""
    with pytest.raises(errors.InvalidLogo, match=told) as refused:
        Logo.parse(logo)

    assert refused.value.field == ("logo",)


def test_a_password_is_the_same_however_it_was_composed() -> None:
    """A keyboard that writes ü as two characters opens the same door."""
    assert acceptable("grünes Licht 5") == acceptable("gru\u0308nes Licht 5")


@pytest.mark.parametrize("password", ["nordlicht1", "Nordlicht", "1Nordlicht1", "jonakrause"])
def test_a_password_is_not_made_of_what_everybody_knows(password: str) -> None:
    """The name of the business or one's own, with three characters more, is refused."""
    with pytest.raises(InvalidInput):
        acceptable(password, known=("Nordlicht", "jonakrause"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_logo_of_which_a_part_is_missing_is_refused(name: str) -> None:
    """Of every kind that we take: the whole one is taken, the upload that broke off is told, in words of its own."""
    data = PICTURES[name]
    assert Logo.parse(base64.b64encode(data).decode()).media_type == f"image/{name.split()[0].lower()}"
    for place in (9, len(data) // 2, len(data) - 1):
        with pytest.raises(errors.InvalidLogo, match="missing or broken"):
            Logo.parse(base64.b64encode(data[:place]).decode())


@pytest.mark.parametrize(
    "typed",
    [
        "info@müller-straße.example",
        "INFO@MÜLLER-STRAßE.example",
        " info@mu\u0308ller-straße.example ",
        "info@müller-straße。example",
        "info@xn--mller-strae-46a18a.example",
        "Info@XN--MLLER-STRAE-46A18A.example",
    ],
)
def test_every_spelling_of_an_address_is_one(typed: str) -> None:
    """What is stored and what is typed at log-in meet in one form: IDNA 2008 with UTS 46, non-transitional."""
    assert text.email_key(typed) == text.email_key(text.email_address(typed)) == "info@xn--mller-strae-46a18a.example"


@pytest.mark.parametrize("nonsense", ["a@☃.example", "a@xn--a.example", "a@-ü.example", "a@ü..example", "a@", "@"])
def test_what_is_no_address_has_a_key_and_is_no_address(nonsense: str) -> None:
    """Looking up whatever somebody types fails for nobody; storing it is refused."""
    assert text.email_key(nonsense) == nonsense.lower()
    with pytest.raises(errors.InvalidEmail):
        text.email_address(nonsense)


@pytest.mark.parametrize(
    "given",
    [
        "Password2024!",
        "qwerty12345",
        "letmein12345",
        "P@ssw0rd2024",
        "Iloveyou!!2019",
        "monkeymonkey1",
        "12345dragon54321",
        "northwind2026",
        "Northwind Studio 1",
        "Olivia.Brandt",
        "olivia@northwind.example",
        "ClientPortal1",
        "Portal!2026!!",
        "1-8-2024-portal",
    ],
)
def test_passwords_that_are_tried_first_are_refused(given: str) -> None:
    """The most used ones and words of the context, dressed up with years, runs, lookalikes and punctuation."""
    with pytest.raises(errors.PasswordTooCommon) as caught:
        acceptable(given, known=("olivia@northwind.example", "Olivia Brandt", "Northwind Studio"))
    assert given not in caught.value.message


@pytest.mark.parametrize(
    "given",
    [
        "correct horse battery stapler",
        "dienstag regnet es",
        "kx9vq2mz7pl4",
        "violet-teapot-42",
        "秘密の言葉は長いですよ",
    ],
)
def test_passwords_need_no_kinds_of_characters(given: str) -> None:
    """Long enough and not what is tried first is enough: small letters alone, in any script, pass."""
    assert acceptable(given, known=("olivia@northwind.example", "Olivia Brandt", "Northwind Studio")) == given


def test_at_least_ten_thousand_most_used_passwords_are_known() -> None:
    """The list comes from a package, and has those of ten characters and more in it."""
    assert len(most_used()) > 10_000
    assert {"qwertyuiop", "1234567890", "iloveyou"} <= most_used()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("iw", "he"),
        ("in-ID", "id-ID"),
        ("tl", "fil"),
        ("mo", "ro"),
        ("sh", "sr-Latn"),
        ("no", "no"),
        ("de-DE-u-co-phonebk", "de-DE"),
        ("ar-EG-u-nu-latn", "ar-EG"),
        ("en_GB", "en-GB"),
        ("zh-TW", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("sr-Latn-RS", "sr-Latn-RS"),
    ],
)
def test_a_language_gets_no_country_that_nobody_named(given: str, kept: str) -> None:
    """A former code becomes today's; how to sort or which digits to write (BCP 47 extensions) is left out."""
    assert locale(given) == kept


@pytest.mark.parametrize("given", ["und", "root", "mul", "x-klingon", "C", "", "-u-x", "i-default"])
def test_what_names_no_language_is_refused(given: str) -> None:
    """Among them the tag of a language that is not known, which was taken for American English."""
    with pytest.raises(errors.UnknownLocale):
        locale(given)
