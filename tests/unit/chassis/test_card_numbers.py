"""What is taken for a card number in free text, and what is not."""

import string

import pytest

from chassis.card_numbers import looks_like_card_number
from chassis.text import LooksLikeCardNumber, free_text, identifier
from services.identity.domain.text import optional_identifier, optional_paragraph

TEST_CARDS = """
    4242424242424242 4000056655665556 4111111111111111 4012888888881881 4917610000000000 5555555555554444
    5200828282828210 5105105105105100 2223003122003222 2720990000000007 378282246310005 371449635398431
    343434343434343 6011111111111117 6011000990139424 6011981111111113 6445644564456445 3056930009020004
    30569309025904 36227206271667 38520000023237 3566002020360505 3530111333300000 6200000000000005
    6205500000000000004 4988438843884305 5019555544445555 6304000000000000 6759649826438453 6771798021000008
    6062828888666688 5066991111111118 8171999927660000 2200770212727079 9792030394440796 6799990100000000019
    4000000000000000006 6304000000000000000
""".split()  # noqa: SIM905 - one word a number reads better than forty quoted ones
"""Numbers that payment providers print in their documentation for tests."""

DASHES = ("-", " - ", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212")
BLANKS = (" ", "  ", "\t", "\xa0", "\u2009", "\u202f", "\u3000", "\u200b", "\u2060", "\xad")
SIGNS = (".", "·", "•", "/", "_", "|", "*", "+", ",", ":", "\\", " / ", " · ", "\n", " \n", "")
BRACKETS = ("][", ")(", " (", "=", "#", "'", "~", "→", "\ufe0f", "\u20e3")


WORDS = (
    "KID: ",
    "KID ",
    "kid-nummer ",
    "OCR ",
    "OCR-nr. ",
    "Ref. ",
    "Ref: ",
    "Reference: ",
    "Referenz: ",
    "Référence ",
    "Referencia: ",
    "Riferimento ",
    "viite ",
    "Viitenumero ",
    "Invoice no. ",
    "Invoice #",
    "Rechnungsnr. ",
    "Rechnung Nr. ",
    "Facture n° ",
    "Factura núm. ",
    "Fattura n. ",
    "Kundennummer ",
    "Order no: ",
    "PO ",
    "Bestellnummer: ",
    "Account no. ",
    "Konto ",
    "Kontonummer: ",
    "CLABE ",
    "IBAN ",
    "Betalingskenmerk ",
    "SIRET ",
    "VAT ",
    "Inn ",
    "ЕДБ ",
    "ИНН ",
    "EDB: ",
    "IMEI ",
    "IMEI: ",
    "ICCID ",
    "Serial no. ",
    "Seriennummer ",
    "S/N ",
    "EAN ",
    "GTIN-14: ",
    "ISBN ",
    "Tracking number ",
    "Cheque no. ",
    "Contract no. ",
    "Order #",
    "Invoice: ",
    "Kundenreferenz ",
    "(Ref. ",
    "text\nKID: ",
    "Rechnungs-Nr. ",
    "Kunden-Nr.: ",
    "Lieferschein-Nr. ",
    "Betalningsreferens ",
    "Betalingsreferanse: ",
    "Bankgiro ",
    "UTR ",
    "Beställning: ",
    "Código de barras: ",
    "Número de serie: ",
    "Nota fiscal nº ",
    "Номер заказа: ",
    "Счёт № ",
    "注文番号: ",
    "订单号 ",
    "發票號碼:",
    "주문번호: ",
    "رقم الطلب: ",
    "Sipariş no: ",
    "fatura no ",
    "objednávka č. ",
    "Faktúra č. ",
    "Ordre nr. ",
    "rendelés száma: ",
    "Tilausnumero ",
    "Comandă nr. ",
    "Narudžba br. ",
    "Поръчка № ",
    "αριθμός παραγγελίας: ",
    "מספר הזמנה ",
    "Nomor pesanan: ",
    "Số đơn hàng: ",
    "užsakymo nr. ",
    "お客様番号 ",
    "ご注文番号：",
    "PRM ",
    "N° PDL : ",
    "UMR ",
    "RUM: ",
    "Sklic ",
    "poziv na broj: ",
    "numéro de commande ",
    "N° de contrat : ",
    "numéro client ",
    "N° d'article ",
    "número de pedido: ",
    "Número da fatura ",
    "numero ordine ",
    "n. ordine ",
    "numero della fattura ",
    "nr zamówienia ",
    "numer referencyjny ",
    "číslo objednávky: ",
    "č. faktury ",
    "номер замовлення ",
    "Номер рахунку: ",
    "megrendelésszám: ",
    "หมายเลขคำสั่งซื้อ ",
    "เลขที่ใบสั่งซื้อ: ",
    "ऑर्डर नंबर ",
)
"""What people write before a number, in the words of many countries."""


def in_fours(number: str, separator: str) -> str:
    return separator.join(number[place : place + 4] for place in range(0, len(number), 4))


@pytest.mark.parametrize("number", TEST_CARDS)
def test_the_test_cards_of_every_scheme_are_recognised(number: str) -> None:
    """Visa, Mastercard, Amex, Diners, Discover, JCB, UnionPay, Maestro and national schemes, wherever they stand."""
    for text in (number, f"charge {number} please", f"card:{number},12/30", f"a\n{number}\nb", f"Ref. 7: {number}"):
        assert looks_like_card_number(text), text


@pytest.mark.parametrize("separator", [*DASHES, *BLANKS, *SIGNS, *BRACKETS], ids=ascii)
@pytest.mark.parametrize("number", ["4242424242424242", "4000000000000000006", "6304000000000000000"])
def test_nothing_between_the_digits_hides_a_card(number: str, separator: str) -> None:
    """Blanks, dashes, dots, signs and characters that nobody sees may part the digits, in the middle of a text too."""
    for text in (in_fours(number, separator), f"pay with {in_fours(number, separator)} now"):
        assert looks_like_card_number(text), ascii(text)


@pytest.mark.parametrize(
    "text",
    [
        "my card is 4242 4242 4242 4242 thanks",
        "4242 4242 4242 4242 123",
        "12/30 4242 4242 4242 4242",
        "3782 822463 10005",
        "3782/822463/10005",
        "3056 930902 5904",
        "42 42 42 42 42 42 42 42",
        "4 2 4 2 4 2 4 2 4 2 4 2 4 2 4 2",
        "４２４２４２４２４２４２４２４２",
        "".join(f"{digit}\ufe0f\u20e3" for digit in "4242424242424242"),
        "④②④② ④②④② ④②④② ④②④②",
        "٤٢٤٢ ٤٢٤٢ ٤٢٤٢ ٤٢٤٢",
        "KID: 4242 4242 4242 4242",
        "Invoice no. 4242-4242-4242-4242",
        "Visa, account number 4242424242424242",
        "Kreditkarte Nr. 4242424242424242",
        "tarjeta ref: 4242424242424242",
        "order 12 4242424242424242",
        "KIDS: 4242424242424242",
        "please check 4242424242424242",
        "charge the customer 4242424242424242",
        "order 4242424242424242",
        "paid 4242424242424242",
        "Kortnummer 4242424242424242",
        "Kartennummer: 4242424242424242",
        "Kartenkonto Nr. 4242424242424242",
        "numéro de carte n° 4242424242424242",
        "número de tarjeta: 4242424242424242",
        "Creditcardnummer 4242424242424242",
        "card no. 4242424242424242",
        "カード番号 4242424242424242",
        "my number: 4242424242424242",
        "Bankkort-Nr. 4242424242424242",
        "номер карты: 4242424242424242",
        "信用卡号 4242424242424242",
        "카드번호: 4242424242424242",
        "رقم البطاقة: 4242424242424242",
        "Account number 4242424242424242 visa",
        "Account no. 4242424242424242, exp 12/28",
        "Customer ID: 4242424242424242 cvc 123",
        "PO 4242424242424242 12/28",
        "Konto 4242424242424242 (09/30)",
        "Kart no: 4242424242424242",
        "sipariş kartı no 4242424242424242",
        "kártyaszám 4242424242424242",
        "bankkártya rendelés száma 4242424242424242",
        "αριθμός κάρτας 4242424242424242",
        "מספר כרטיס 4242424242424242",
        "số thẻ 4242424242424242",
        "Siparis 4242424242424242",
        "objednávka 4242424242424242",
        "numéro de la carte 4242424242424242",
        "numero della carta: 4242424242424242",
        "nr karty 4242424242424242",
        "číslo karty 4242424242424242",
        "номер картки 4242424242424242",
        "หมายเลขบัตร 4242424242424242",
        "kártyaszám: 4242424242424242",
        "หมายเลขคำสั่งซื้อบัตร 4242424242424242",
        "कार्ड नंबर 4242424242424242",
        "commande 4242424242424242",
    ],
)
def test_card_numbers_are_refused_and_never_echoed(text: str) -> None:
    """No service takes one in a free text, and no refusal repeats it; it says how another number is written."""
    assert looks_like_card_number(text)
    refused: list[str] = []
    for take, refusal in (
        (lambda: free_text(text, 1000, "note", multiline=True), LooksLikeCardNumber),
        (lambda: free_text(text, 1000, "text", multiline=True), LooksLikeCardNumber),
        (lambda: optional_paragraph(text, "notes"), LooksLikeCardNumber),
    ):
        with pytest.raises(refusal) as caught:
            take()
        refused.append(str(caught.value))
    assert all("4242" not in said and "right before it" in said for said in refused)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242424242424241",
        "call +49 30 1234567",
        "0000 0000 0000 0000",
        "order 20261122-000123",
        "424242424242",
        "2026-11-22 12:00",
        "12345678901234567890123456789012",
        "1234567812345670",
        "4222222222222",
        "4030118053878",
        "5012345678900",
        "EAN 4006381333931, 5449000000996",
        "6893854339140227",
        "SIM card 8949210000000000121",
        "8949210000000000121",
        "490154203237518",
        "0 4 4 0 0 6 4 6 4 0 0 0 0 1 4 2 9 4 1 0 9 2",
        "DE89 3704 0044 0532 0130 00",
        "GB82WEST12345698765432",
        "FR14 2004 1010 0505 0001 3M02 606",
        "RF18 5390 0754 7034",
        "rooms 5101, 5102, 5103, 5106",
        "4001\n4002\n4003\n4002\n4005\n4006",
        "SIRET 732 829 320 00074",
        "4000 + 4000 + 4000 + 4008",
        "articles 4000; 4000; 4000; 4008",
    ],
)
def test_other_numbers_pass(text: str) -> None:
    """Article numbers, phones, dates, IBANs, references, SIM cards, devices and lists of numbers are no cards."""
    assert not looks_like_card_number(text)


@pytest.mark.parametrize("before", WORDS)
def test_a_number_in_one_piece_is_what_the_word_before_it_says(before: str) -> None:
    """Payment references, documents, accounts, companies and things may have a card's prefix and check digit."""
    assert looks_like_card_number("4242424242424242")
    assert not looks_like_card_number(f"{before}4242424242424242")
    assert not looks_like_card_number(f"Please note: {before}4242424242424242, thank you")
    assert not looks_like_card_number(f"{before}4242424242424242, valid until 12/28/2026")
    assert not looks_like_card_number(f"{before}4242424242424242 12/2026")


@pytest.mark.parametrize("number", [*TEST_CARDS, "4030118053878", "6893854339140227", "38000000000014"])
def test_fields_for_numbers_are_no_place_to_look_for_cards(number: str) -> None:
    """A tax or register number, a reference, a postal code and a search are taken as they are."""
    assert (identifier(number, 50, "reference"), optional_identifier(number, "taxId")) == (number, number)


def test_long_texts_are_read_quickly() -> None:
    """Nothing here grows faster than the text: what a page of digits yields is bounded by its length."""
    for text in (
        "1 2345 " * 700,
        "4242" * 1250,
        "4242-" * 1000,
        string.digits * 500,
        ("4" * 19 + " ") * 250,
        "KID:" * 1200,
    ):
        assert looks_like_card_number(text) in {True, False}


def article(digits: str) -> str:
    """Return the digits with GS1's check digit (weights 3 and 1)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return f"{digits}{-total % 10}"


@pytest.mark.parametrize("length", [8, 12, 13])
def test_article_numbers_are_no_cards(length: int) -> None:
    """Every prefix of GTIN-8, UPC and EAN, of books (978, 979) and periodicals (977) too, in the middle of a text."""
    rest = length - 4
    numbers = [article(f"{prefix:03}{item * 7919 % 10**rest:0{rest}}") for prefix in range(1000) for item in (1, 2, 3)]
    assert {len(number) for number in numbers} == {length}
    assert [one for one in numbers if looks_like_card_number(f"2 boxes {one} and 3 more")] == []


@pytest.mark.parametrize("begin", ["0", "1", "2", "4", "5", "6", "7", "8", "9"])
def test_cartons_and_pallets_are_no_cards(begin: str) -> None:
    """GTIN-14 (but for 3…) and SSCC of 18 digits are no lengths of the schemes that share their first digits."""
    cartons = [article(f"{begin}{item * 104729 % 10**12:012}") for item in range(500)]
    pallets = [article(f"{begin}0{item * 104729 % 10**15:015}") for item in range(500) if begin not in "56"]
    assert [one for one in cartons + pallets if looks_like_card_number(one)] == []


def luhn(digits: str) -> str:
    doubled = [sum(divmod(int(d) * (2 if place % 2 == 0 else 1), 10)) for place, d in enumerate(reversed(digits))]
    return f"{digits}{-sum(doubled) % 10}"


@pytest.mark.parametrize("length", [2, 7, 10, 13, 14, 15, 16, 17, 18, 19, 20, 25])
def test_payment_references_pass_as_references_and_behind_their_word(length: int) -> None:
    """A Norwegian KID or Swedish OCR of any length that the banks allow: in its field, and after its name."""
    numbers = [luhn(f"{item * 104729 + 10**11:025}"[-(length - 1) :]) for item in range(300)]
    numbers += [luhn(f"{prefix:02}{'7' * max(0, length - 3)}"[: length - 1]) for prefix in range(100)]
    assert [one for one in numbers if identifier(one, 100, "reference") != one] == []
    assert [one for one in numbers if looks_like_card_number(f"Betal med KID: {one}.")] == []


@pytest.mark.parametrize("prefix", ["01", "35", "86", "99"])
def test_devices_and_sim_cards_are_no_cards(prefix: str) -> None:
    """IMEI (15 digits) and ICCID (19 or 20 from 89) carry the same check digit."""
    devices = [luhn(f"{prefix}{item * 7919:012}") for item in range(300)]
    chips = [luhn(f"89{int(prefix):03}{item * 7919:013}"[:length]) for item in range(150) for length in (18, 19)]
    assert [one for one in devices + chips if looks_like_card_number(f"SIM card {one} in device {one}")] == []


SEWN = (
    "<b>{}</b>", "<B>{}</B>", "<span style='x: \"y\"'>{}</span>", "<a href='https://x.example/1'>{}</a>",
    "<td>{}</td>",
    "<p>{}</p>\n", "{}<br>", "{}<br/>\n", "{}<wbr>", "{}<!-- hidden -->", "{}<!---->", "<i></i>{}",
    "<my-part>{}</my-part>",
    "{}&nbsp;", "{}&#160;", "{}&#xA0;", "{}&ensp;", "{}&thinsp;", "{}&zwj;", "{}&#8203;", "{}&shy;", "{}&#x2060;",
    "{}&ndash;", "{}&#45;", "{}&middot;", "{}&amp;nbsp;", "{}&amp;#160;", "&lt;b&gt;{}&lt;/b&gt;", "**{}**", "__{}__",
    "~~{}~~", "`{}`", "***{}***", "=={}==", "[b]{}[/b]", "[color=red]{}[/color]", "{}\u3164", "{}\u115f", "{}\uffa0",
    "{}\u2800", "{}\u034f", "{}\u180e", "{}\u2063", "{}\U000e0020", "{}\ufeff", "{}\u2028", "{}\u200b\u200c\u200d",
)  # fmt: skip
"""What parts digits for a program, and not for whoever reads the page."""


@pytest.mark.parametrize("sewn", SEWN)
@pytest.mark.parametrize("card", TEST_CARDS[::5])
def test_marks_between_the_digits_hide_no_card(card: str, sewn: str) -> None:
    """In groups of four, as they stand on a card, whatever markup is around each of them."""
    groups = [card[at : at + 4] for at in range(0, len(card), 4)]
    if len(card) in (14, 15):
        groups = [card[:4], card[4:10], card[10:]]
    assert looks_like_card_number("Please take " + "".join(sewn.format(group) for group in groups) + " for it.")


@pytest.mark.parametrize("sewn", [one for one in SEWN if not one.startswith(("<td", "<p")) and "<br" not in one])
def test_marks_at_uneven_places_hide_no_card(sewn: str) -> None:
    """What is shown without a break is one number, wherever a mark stands in it."""
    for first, second in ((1, 2), (3, 9), (7, 8), (5, 15)):
        card = "4000056655665556"
        sewn_card = card[:first] + sewn.format(card[first:second]) + card[second:]
        assert looks_like_card_number(sewn_card), sewn_card


def test_every_digit_may_be_a_reference() -> None:
    """Decimal, hexadecimal, with and without the semicolon, and references to references."""
    card = "4000056655665556"
    assert looks_like_card_number("".join(f"&#{ord(digit)};" for digit in card))
    assert looks_like_card_number("".join(f"&#x{ord(digit):x};" for digit in card))
    assert looks_like_card_number("".join(f"&amp;#{ord(digit)};" for digit in card))
    assert looks_like_card_number("".join(f"<b>&#{ord(digit):05};</b>" for digit in card))


@pytest.mark.parametrize(
    "text",
    [
        "<table><tr><td>4000</td><td>12</td></tr><tr><td>5555</td><td>7</td></tr></table>",
        "<p>Invoice <b>INV-2026-0042</b> of &euro;&nbsp;1,190.00</p>",
        "**Total:** 4 000 00 — see `order_4000056655`",
        "a < 4000 and 0566 > 55 & 66 5556",
        "<b>KID: 4000056655665556</b>",
        "IMEI&nbsp;352099001761481",
        "IBAN <code>DE89 3704 0044 0532 0130 00</code>",
        "2 ** 10 == 1024, 2 ** 20 == 1048576, 2 ** 30 == 1073741824",
        "R&D 2026 &amp; 2027: 4000 &lt; 5000",
        "[b]4000[/b] pieces, [b]1200[/b] boxes",
    ],
)
def test_marks_make_no_card_of_other_numbers(text: str) -> None:
    """Numbers in cells, prices, sums and named numbers stay what they are."""
    assert not looks_like_card_number(text)
