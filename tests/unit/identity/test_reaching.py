"""Phone numbers and web addresses as people type them."""

from collections.abc import Iterator

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from chassis.text import TextTooLong
from services.identity.domain import errors
from services.identity.domain.reaching import optional_phone, optional_website

EXTENSIONS = (
    *(
        "ext. {}",
        "ext {}",
        "x{}",
        "x. {}",
        "extension {}",
        "#{}",
        " # {}",
        "int. {}",
        "int {}",
        "interno {}",
        "Anexo {}",
    ),
    *("poste {}", "Durchwahl {}", "DW {}", "Dw. {}", "App. {}", "Apparat {}", "Klappe {}", "Nebenstelle {}", "доб. {}"),
    *(
        "доб.{}",
        "вътр. {}",
        "内線{}",
        "内線 {}",
        "分机{}",
        "轉{}",
        "내선 {}",
        "ต่อ {}",
        "wew. {}",
        "wewn. {}",
        "linka {}",
        "kl. {}",
    ),
    *(
        "anknytning {}",
        "lok. {}",
        "toestel {}",
        "ramal {}",
        "dahili {}",
        "int.: {}",
        ";ext={}",
        ",{}",
        ", {}",
        "~{}",
        "*{}",
    ),
    *("(ext. {})", "(Anexo {})", "εσωτ. {}", "שלוחה {}", "تحويلة {}", "máy lẻ {}", "mellék {}", "alanumero {}"),
)


def examples() -> Iterator[str]:
    """Every example number of every region: international, national, E.164, and with the region's word of extension."""
    forms = (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.NATIONAL, PhoneNumberFormat.E164)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE, PhoneNumberType.TOLL_FREE):
            number = phonenumbers.example_number_for_type(region, kind)
            if number is not None:
                yield from (phonenumbers.format_number(number, form) for form in forms)
                number.extension = "123"
                yield from (phonenumbers.format_number(number, form) for form in forms[:2])


def test_the_example_numbers_of_every_country_are_taken() -> None:
    """Whatever libphonenumber prints, with the words of each country for an extension, is kept as it is."""
    typed = list(examples())
    assert len(typed) > 3000
    assert [text for text in typed if optional_phone(text) != text] == []


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_an_extension_is_named_in_any_language(extension: str) -> None:
    """Its name need not be understood."""
    for number in ("+49 30 1234567", "030/123", "(02) 2123-4567"):
        text = f"{number} {extension.format(12)}"
        assert optional_phone(text) == text


@pytest.mark.parametrize(
    "given",
    [
        *("+49 (0)30 1234-567", "030/123", "+1 555 0100 ext 12", "112", "+1-800-FLOWERS", "1 800 GOT JUNK"),
        *(
            "＋８１ ３ １２３４ ５６７８",
            "٠٢ ١٢٣٤ ٥٦٧٨",
            "+49–30–1234567",
            "+49\xa030\xa01234567",
            "[030] 1234567",
            "０３−１２３４−５６７８",
            "03ー1234ー5678",
            "+49·30·901820",
            "030⁄901820",
            "+44 20 7946 0018 (Switchboard)",
            "+55 11 91234-5678 (WhatsApp)",
            "+39 06 1234567 int. 4 (mattina)",
            "+81 3-1234-5678（代表）",
            "+49 30 901820 (nur vormittags)",
            "tel:+49301234",
            "Tel.: 030 901820",
            "Telefon 030 901820",
            "T +49 30 901820",
            "Mobil: +49 170 1234567",
            "Мобильный: +7 916 123-45-67",
            "電話：03-1234-5678",
            "+1 645 123 1234,,456#",
            "0800 DDA 005",
            "0900 DDA 6005",
            "13 CABS",
            "☎ 030 901820",
            "☎️ +49 30 901820",
            "📞 +49 30 901820",
            "📱+49 170 1234567",
            "℡ 03-1234-5678",
            "+1 201 555 0123 (cell, after 5pm)",
            "030 901820 (Mo-Fr 9-17)",
            None,
            " ",
        ),
    ],
)
def test_phone_numbers_are_accepted(given: str | None) -> None:
    """Whatever people write as a phone number, in the digits of their script, is kept as typed."""
    assert optional_phone(given) == ((given or "").strip() or None)


def test_marks_of_direction_that_were_copied_along_are_dropped() -> None:
    """Address books put invisible marks around a number."""
    assert optional_phone("\u202a+49 30 1234567\u202c") == "+49 30 1234567"


@pytest.mark.parametrize(
    "given",
    [
        *("call me", "++1", "12", "1" * 60, "1;rm -rf", "123\n456", "4242 4242 4242 4242", "4242424242424242"),
        *("jo@krause.example", "https://x.example", "<script>1</script>", "+49 30 1234567 ext", "123 ext 123456789"),
        *("12 monkeys 3", "123 to the end of the street 4", "٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢", "-", "()", "030 1234567 \x00"),
        *(
            "030 1234567 (4242 4242 4242 4242)",
            "030 1234567 (<b>)",
            "030 1234567 (a 42 42 42)",
            "💳 030 1234567",
            "tel:",
            "13 monkeys",
            "(office)",
            "fax machine 030 1234567 (a) (b)",
        ),
    ],
)
def test_what_is_no_phone_number_is_refused(given: str) -> None:
    """Words and tricks are none, nor is what has more digits than any telephone; no refusal repeats it."""
    with pytest.raises(errors.InvalidPhone) as refused:
        optional_phone(given)
    assert (refused.value.field, "4242" in refused.value.message) == (("phone",), False)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("www.example-boutique.example", "https://www.example-boutique.example"),
        ("northstar.example", "https://northstar.example"),
        ("\u200bnorthstar.example\ufeff", "https://northstar.example"),
        ("\u202ahttps://northstar.example/a\u202c\u200e", "https://northstar.example/a"),
        ("نامه\u200cای.example", "https://نامه\u200cای.example"),
        ("northstar.example/shop", "https://northstar.example/shop"),
        (" Northstar.Example ", "https://Northstar.Example"),
        ("northstar.example:8443", "https://northstar.example:8443"),
        ("northstar.example:8443/a?b=c#d", "https://northstar.example:8443/a?b=c#d"),
        ("northstar.example?from=card", "https://northstar.example?from=card"),
        ("www.bücher.example", "https://www.bücher.example"),
        ("例え.テスト", "https://例え.テスト"),
        ("почта.рф/о-нас", "https://почта.рф/о-нас"),
        ("xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("shop.xn--p1ai", "https://shop.xn--p1ai"),
        ("a.b.c.d.example.", "https://a.b.c.d.example."),
        ("1und1.example", "https://1und1.example"),
        ("उदाहरण.भारत", "https://उदाहरण.भारत"),
        ("உதாரணம்.இந்தியா", "https://உதாரணம்.இந்தியா"),
        ("නිදසුන.ලංකා/a", "https://නිදසුන.ලංකා/a"),
        ("উদাহরণ.বাংলা", "https://উদাহরণ.বাংলা"),
        ("www。example。com", "https://www。example。com"),
        ("northstar.example/(2026)/@team", "https://northstar.example/(2026)/@team"),
        ("https://northstar.example", "https://northstar.example"),
        ("http://northstar.example/a", "http://northstar.example/a"),
        ("HTTPS://Northstar.Example", "HTTPS://Northstar.Example"),
        ("https://192.0.2.7:8443/", "https://192.0.2.7:8443/"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        (None, None),
        (" ", None),
    ],
)
def test_websites_are_taken_as_people_type_them(given: str | None, kept: str | None) -> None:
    """A bare host is one of https; ports, paths, international names and what names its scheme stay as typed."""
    assert optional_website(given) == kept
    assert optional_website(kept) == kept


@pytest.mark.parametrize(
    "given",
    [
        *("javascript:alert(1)", "JavaScript:alert(1)", "java.script:alert(1)", "data:text/html,x", "vbscript:x"),
        *("mailto:jo@x.example", "tel:+4930123456", "ftp://x.example", "ftp.x.example://y", "file:///etc/passwd"),
        *("//host.example", "///host.example", "\\\\host.example", "https:\\\\host.example", "https:host.example"),
        *("http://", "https:///path", "http://a b", "northstar example", "north star.example", "jo@northstar.example"),
        *("https://jo@northstar.example", "https://jo:pw@northstar.example", "jo:pw@northstar.example"),
        *("https://northstar.example:99999", "northstar.example:99999", "northstar.example:x", "http://[::1"),
        *("http://https://northstar.example", "https://http:/northstar.example", "https://northstar.example:"),
        *("none", "n/a", "-", ".", "..", "localhost", "localhost:8080", "3.5", "192.0.2.7", "-a.example", "a-.example"),
        *("a..example", "<b>.example", "a.example\u200e b", "a,b.example", "x" * 201),
    ],
)
def test_what_is_no_website_is_refused(given: str) -> None:
    """Other schemes, half schemes, user names, blanks and words are none; so is what leads to no host."""
    with pytest.raises(errors.InvalidInput):
        optional_website(given)


def test_a_website_is_not_too_long_with_its_scheme() -> None:
    """What is kept has 200 characters at most, like every line."""
    assert len(optional_website("a.example/" + "x" * 182) or "") == 200
    with pytest.raises(TextTooLong):
        optional_website("a.example/" + "x" * 183)
