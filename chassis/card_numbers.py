"""Card numbers, which have no business in a text that people type.

Looked for in free text only: a field that holds a number by its nature (a tax or register number, a reference, a phone
number, a postal code) is no place for it, since those numbers carry the same check digit by standards of their own.

In free text a card is an issuer's prefix, at a length that this issuer gives out today, with the Luhn check digit
(ISO/IEC 7812). A number in one piece is none when the word before it says what it is ("KID: 4000…", "IMEI 35…"), unless
a card is spoken of; digits in fours, as they stand on a card, are one whatever the word is. What is found is never
returned.

A text that is shown somewhere as HTML, Markdown or BBCode shows the digits without the marks between them, so it is
read a second time without them, its character references (`&nbsp;`, `&#52;`) resolved.
"""

import html
import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

_SCHEMES: tuple[tuple[str, tuple[int, ...]], ...] = (
    (r"4", (16, 19)),  # Visa; 13 digits are no longer given out
    (r"3[47]", (15,)),  # American Express
    (r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),  # Mastercard
    (r"30[0-5]|3095|3[689]", (14, 16, 19)),  # Diners Club
    (r"60|64[4-9]|65|8[12]", (16, 17, 18, 19)),  # Discover, RuPay, Hipercard, Cabal
    (r"352[89]|35[3-8]", (16, 17, 18, 19)),  # JCB; 15 digits are an IMEI
    (r"62", (16, 17, 18, 19)),  # UnionPay
    (r"50|5[6-8]|63|67", (16, 17, 18, 19)),  # Maestro, Dankort, Elo, Verve; 12 to 15 digits are no longer given out
    (r"220[0-4]", (16, 17, 18, 19)),  # Mir
    (r"9792|8600|9860", (16,)),  # Troy, Uzcard, Humo
)
"""What a number begins with, and the lengths at which it is given out today. Other prefixes are no card's: 89 begins
SIM cards (ITU-T E.118), 13 digits are an article's (GTIN), 20 an account's."""

_ISSUED = re.compile(
    "|".join(
        f"(?=(?:{prefix}))(?:{'|'.join(f'[0-9]{{{length}}}' for length in lengths)})" for prefix, lengths in _SCHEMES
    )
)
_SHORTEST, _LONGEST = 14, 19

_GROUP = re.compile(r"[0-9]+")
_RUN = re.compile(r"(?<![0-9])[0-9]+(?:[ .\-]{1,3}[0-9]+)*")
_APART = r"(?:_|[^\w\n]){0,3}\n?(?:_|[^\w\n]){0,3}"
_AS_ON_A_CARD = re.compile(
    rf"(?<![0-9])(?<![0-9]\n)(?:[0-9]{{4}}{_APART}[0-9]{{4}}{_APART}[0-9]{{4}}{_APART}[0-9]{{4}}(?:{_APART}[0-9]{{3}})?"
    rf"|[0-9]{{4}}{_APART}[0-9]{{6}}{_APART}[0-9]{{4,5}})(?!\n?[0-9])"
)
_LIST = re.compile(r"[,:;&+][ \n]")
_IBAN = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")

_NAMES_OF_NUMBERS = r"""
      kid | ocr | viite\w* | esr | qr-?ref | end-?to-?end | \w*kenmerk | verwendungszweck | symbol
    | refs? | reference | référence | referenc?ia | riferimento | referência | \w*(?:referen[szt]|referan[cs])\w*
    | iban | bban | clabe | cbu | cvu | rib | nib | ccc | acct | a/c | konto\w* | bankkonto | bank\W?account
    | \w+-?(?:nummer|nr) | bankgiro | plusgiro | utr | número[ ]de[ ]s[ée]rie | código[ ]de[ ]barras
    | номер[ ](?:заказа|сч[её]та|договора|накладной|документа|платежа)
    | [ごお]?(?:注文|請求書?|伝票|顧客|客様|参照|照会|追跡|契約)番号 | tilausnumero
    | מספר[ ](?:הזמנה|חשבונית|לקוח) | nomor[ ](?:pesanan|faktur|pelanggan) | số[ ](?:đơn[ ]hàng|hóa[ ]đơn)
    | αριθμός[ ](?:παραγγελίας|τιμολογίου) | užsakymo[ ]nr
    | \w*(?:订单|訂單|发票|發票|合同|账|帳|参考|參考|运单|客户|客戶)(?:编号|編號|号码|號碼|号|號)
    | (?:주문|송장|계좌|고객|참조)[ ]?번호 | رقم[ ](?:الطلب|الفاتورة|المرجع|الحساب|العقد)
    | vat | tva | iva | mwst | ust-?idnr | gst(?:in)? | siret | siren | nif | cif | nip | cnpj | cpf | rfc | abn | acn
    | eori | edb | едб | oib | pib | пиб | ein | inn | инн | ogrn | огрн | kvk | lei | regon | cvr | orgnr
    | (?:ean|gtin)(?:-?(?:8|1[234]))? | upc | isbn | issn | jan | sku | imei | imeisv | iccid | sim | eid | meid | s/n
    | sscc | awb | mpan | mprn | prm | pdl | po | umr | rum | avtalegiro | fik
    | sklic | poziv[ ]na[ ]broj | позив[ ]на[ ]број | point[ ]de[ ]livraison | \w+szám
    | (?:หมายเลข|เลขท)(?:คาสงซอ|ใบสงซอ|ใบแจงหน|ใบกากบภาษ|ลกคา|อางอง)
    | (?:आदश|ऑरडर|चालान|गराहक)[ ](?:सखया|नबर)
"""
"""Words that stand before a number of their own kind only; those of Thai and Hindi without marks, as in `_plain`."""

_NAMES_OF_THINGS = r"""
      account | compte | cuenta | conto | conta | rekening | tili | cheque | chèque | check | scheck | transaction | txn
    | mandate? | mandat | auth\w* | tax | steuer | invoice | inv | rechnung | facture | factura | fattura | fatura
    | faktura | factuur | lasku | order | bestellung | bestelling | commande | pedido | ordine | encomenda | zamówienie
    | quote | estimate | contract | vertrag | contrat | contrato | contratto | policy | customer | client | kunde
    | klant | case | ticket | id | article | artikel | art | item | part | barcode | serial | sn | tracking
    | lieferschein | beställning | ordre | objedn[áa]vk[ay] | fakt[úu]r[ay] | sipari[sş] | rendelés | comand[ăa]
    | narudžb[ae] | поръчка | заказ | сч[её]т | договор | nota[ ]fiscal | folio[ ]fiscal
    | shipment | sendung | parcel | waybill | container | meter | zähler | pod | police | póliza | polizza | apólice
    | objednávky | faktury | zamówienia | замовлення | рахунк[ау] | договору | encargo | albarán | bolla
"""
"""Words that say so only with “no.”, “#” or a colon behind them, or with “number (of)” before them."""

_NUMBER_OF = r"""
    (?:n(?:um[ée]ro|úmero)?|n[º°]|nr|číslo|numer|номер|č)\.?[ ]?
    (?:de[ ](?:la[ ]|l['’])?|d['’]|del(?:la|l['’])?[ ]?|di[ ]|d[oa][ ])?
"""

_NUMBER = r"[ \-]*(?:no|nr|num|núm|number|nummer|nro|numero|número|numéro|n[º°o]?|№|id|code|ref|č|br|száma)\.?"
_SAYS_WHAT_IT_IS = re.compile(
    rf"(?<![^\W_])(?:(?:{_NAMES_OF_NUMBERS})\.?(?:{_NUMBER})*[ ]?[:\#=\-]?[ ]?"
    rf"|{_NUMBER_OF}(?:{_NAMES_OF_THINGS}|referenc\w*)[ ]?[:\#=\-]?[ ]?"
    rf"|(?:{_NAMES_OF_THINGS})\.?(?:(?:{_NUMBER})+[ ]?[:\#=\-]?[ ]?|[ ]?[:\#][ ]?))$",
    re.VERBOSE | re.IGNORECASE,
)
_SPEAKS_OF_A_CARD = re.compile(
    r"card|kart|carte|tarjeta|carta|cartão|cartao|kort|kaart|kárty|κάρτα|כרטיס|thẻ|карт|カード|บตร|कारड|卡|카드|بطاق"
    r"|visa|master|amex|maestro|cvv|cvc",
    re.IGNORECASE,
)
_GOES_ON_LIKE_A_CARD = re.compile(
    r"[^\n]{0,12}?(?<![^\W_])(?:cvv|cvc|csc|exp(?:iry)?|valid thru|visa|mastercard|amex|maestro)(?![^\W_])"
    r"|[ ,;:/(\-]{1,3}(?:0[1-9]|1[0-2]) ?[/\-] ?[2-4][0-9](?![0-9/.\-])",
    re.IGNORECASE,
)
"""What stands behind a card's number only: the security code, until when it is valid, the scheme."""
_BEFORE = 40
"""As many characters before a number are looked at."""


_IN_LINE = re.compile(
    r"<!--.{0,500}?-->|</?(?!(?:br|p|div|tr|t[dh]|li|ul|ol|table|h[1-6]|hr|pre|section|article)\b)[a-z][^<>]{0,500}>"
    r"|\[/?(?:b|i|u|s|code|color|size|font|url|email|quote|sub|sup|center)(?:=[^\]\n]{0,200})?\]|[*_~=]{2,3}|`+",
    re.IGNORECASE | re.DOTALL,
)
"""Marks that part nothing where they are shown: elements within a line, comments, BBCode, and Markdown's emphasis."""
_BLOCK = re.compile(r"</?[a-z][^<>]{0,500}>", re.IGNORECASE)
_MARKS = frozenset("<&[*_~=`")
_DEEPEST = 3
"""References may be written as references (`&amp;nbsp;`), but nobody shows a text that often."""
_ALIKE = {"\u2212": "-", "\u2800": " ", **dict.fromkeys("·•∙⋅‧", "."), **dict.fromkeys("\u115f\u1160\u3164\uffa0", "")}
"""Signs that look like others, and fillers, which Unicode counts among the letters."""


def looks_like_card_number(text: str) -> bool:
    """Tell whether a free text holds what an issuer of cards may have given out.

    Groups of digits may be parted by what people put between them, and followed by others (a security code, say).
    Digits of any script count. A valid IBAN or creditor reference (ISO 13616, ISO 11649) is none.
    """
    return _has_card(text) or (not _MARKS.isdisjoint(text) and _has_card(_as_shown(text)))


def _has_card(text: str) -> bool:
    plain = _IBAN.sub(_without_iban, _plain(text))
    return any(_is_card(digits) for digits in _in_runs(plain)) or any(
        _is_card(digits) for digits in _as_on_cards(plain)
    )


def _as_shown(text: str) -> str:
    """Return the text as a page shows it: without marks, references resolved, a blank where a block begins or ends."""
    for _ in range(_DEEPEST):
        shown = _BLOCK.sub(" ", _IN_LINE.sub("", text))
        resolved = html.unescape(shown)
        if resolved == text:
            break
        text = resolved
    return text


def _plain(text: str) -> str:
    """Return the text with one kind of digit, blank, dash and dot, and without characters that nobody sees."""
    return "".join(_one_kind(char) for char in unicodedata.normalize("NFKC", text.replace("\r\n", "\n")))


def _one_kind(char: str) -> str:
    if char.isascii():
        return " " if char == "\t" else char
    match unicodedata.category(char):
        case "Nd":
            return str(unicodedata.decimal(char))
        case "Cf" | "Mn" | "Me":
            return ""
        case "Zs" | "Zl" | "Zp":
            return " "
        case "Pd":
            return "-"
        case _:
            return _ALIKE.get(char, char)


def _in_runs(plain: str) -> Iterator[str]:
    """Every sequence of whole groups, parted by blanks, dashes or dots, that has as many digits as a card."""
    for run in _RUN.finditer(plain):
        groups = _GROUP.findall(run.group())
        if _has_a_name(plain, run.start(), run.start() + len(groups[0])):
            yield from groups[1:]
        elif not _is_spelled_out(groups):
            for first in range(len(groups)):
                yield from accumulate(groups[first : first + _LONGEST])


def _is_spelled_out(groups: list[str]) -> bool:
    """Tell whether it is one number, longer than any card's, in groups of one to three digits."""
    return len({len(group) for group in groups}) == 1 and len(groups[0]) < 4 and sum(map(len, groups)) > _LONGEST


def _as_on_cards(plain: str) -> Iterator[str]:
    """Groups of a card's sizes whatever parts them, line breaks included; a list of numbers is none."""
    for found in _AS_ON_A_CARD.finditer(plain):
        written = found.group()
        if len(_GROUP.findall(written)) > 1 and not _LIST.search(written):
            yield "".join(_GROUP.findall(written))


def _has_a_name(plain: str, start: int, end: int) -> bool:
    """Tell whether the words around a number say that it is something else than a card's."""
    before = plain[max(0, start - _BEFORE) : start].rpartition("\n")[2]
    if not _SAYS_WHAT_IT_IS.search(before) or _SPEAKS_OF_A_CARD.search(before):
        return False
    return not _GOES_ON_LIKE_A_CARD.match(plain, end)


def _is_card(digits: str) -> bool:
    return _SHORTEST <= len(digits) <= _LONGEST and bool(_ISSUED.fullmatch(digits)) and _passes_luhn(digits)


def _passes_luhn(digits: str) -> bool:
    places = [int(digit) for digit in reversed(digits)]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(places)]
    return sum(doubled) % 10 == 0


def _without_iban(found: re.Match[str]) -> str:
    """Leave out a text that passes the IBAN's own check (remainder 1 by 97); anything else stays as it is."""
    whole = found.group().replace(" ", "")
    number = "".join(str(int(char, 36)) for char in whole[4:] + whole[:4])
    return " " if int(number) % 97 == 1 else found.group()
