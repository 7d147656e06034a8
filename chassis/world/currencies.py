"""The currencies of ISO 4217, for every service the same: in use, or ended with what came after."""

from dataclasses import dataclass
from datetime import date

PUBLISHED = date(2026, 1, 1)
"""The day of ISO 4217's list one that the codes below are taken from."""

_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF "
        "CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ "
        "GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD "
        "MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON "
        "RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS "
        "UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG"
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

ACTIVE: dict[str, int] = {code: digits for digits, codes in _CODES.items() for code in codes.split()}
"""Every currency in which something can be paid today, with the digits of its minor unit."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A currency that is no longer: since `on`, amounts are written in its `successor`."""

    successor: str
    on: date


_ENDED_ON = [
    "ADP",
    "EUR",
    "2002-01-01",
    "AFA",
    "AFN",
    "2003-01-01",
    "ANG",
    "XCG",
    "2025-07-01",
    "AON",
    "AOA",
    "2000-02-01",
    "ATS",
    "EUR",
    "2002-03-01",
    "AZM",
    "AZN",
    "2007-01-01",
    "BEF",
    "EUR",
    "2002-03-01",
    "BGL",
    "EUR",
    "1999-07-06",
    "BGN",
    "EUR",
    "2026-01-01",
    "BYB",
    "BYN",
    "2001-01-01",
    "BYR",
    "BYN",
    "2017-01-01",
    "CSD",
    "RSD",
    "2006-10-26",
    "CUC",
    "CUP",
    "2021-01-01",
    "CYP",
    "EUR",
    "2008-01-01",
    "DEM",
    "EUR",
    "2002-01-01",
    "ECS",
    "USD",
    "2000-10-03",
    "EEK",
    "EUR",
    "2011-01-01",
    "ESP",
    "EUR",
    "2002-03-01",
    "FIM",
    "EUR",
    "2002-03-01",
    "FRF",
    "EUR",
    "2002-02-18",
    "GHC",
    "GHS",
    "2008-01-01",
    "GRD",
    "EUR",
    "2002-03-01",
    "HRK",
    "EUR",
    "2023-01-01",
    "IEP",
    "EUR",
    "2002-02-10",
    "ITL",
    "EUR",
    "2002-03-01",
    "LTL",
    "EUR",
    "2015-01-01",
    "LUF",
    "EUR",
    "2002-03-01",
    "LVL",
    "EUR",
    "2014-01-01",
    "MGF",
    "MGA",
    "2005-01-01",
    "MRO",
    "MRU",
    "2018-07-01",
    "MTL",
    "EUR",
    "2008-01-01",
    "MZM",
    "MZN",
    "2007-01-01",
    "NLG",
    "EUR",
    "2002-01-29",
    "PTE",
    "EUR",
    "2002-03-01",
    "ROL",
    "RON",
    "2007-01-01",
    "SDD",
    "SDG",
    "2007-07-01",
    "SIT",
    "EUR",
    "2007-01-01",
    "SKK",
    "EUR",
    "2009-01-01",
    "SLL",
    "SLE",
    "2024-01-01",
    "SRG",
    "SRD",
    "2004-01-01",
    "STD",
    "STN",
    "2018-01-01",
    "TJR",
    "TJS",
    "2000-10-26",
    "TMM",
    "TMT",
    "2009-01-02",
    "TPE",
    "USD",
    "2002-05-21",
    "TRL",
    "TRY",
    "2006-01-01",
    "VEB",
    "VES",
    "2008-07-01",
    "VEF",
    "VES",
    "2018-08-21",
    "YUM",
    "RSD",
    "2002-05-16",
    "ZMK",
    "ZMW",
    "2013-01-02",
    "ZWD",
    "ZWG",
    "2008-08-02",
    "ZWL",
    "ZWG",
    "2024-09-01",
    "ZWR",
    "ZWG",
    "2009-02-03",
]

ENDED: dict[str, Ended] = {
    code: Ended(successor, date.fromisoformat(on))
    for code, successor, on in zip(_ENDED_ON[::3], _ENDED_ON[1::3], _ENDED_ON[2::3], strict=True)
}
"""What ended since 1999. An end that is announced stands here before its day; the code then stays in `ACTIVE`, too."""

_WRITTEN_HERE = {"BGN": 2}
"""Ended currencies in which documents were written here while they lived."""

DIGITS: dict[str, int] = ACTIVE | _WRITTEN_HERE
"""Every currency that a stored amount can be in, with the digits of its minor unit."""


def successor(code: str, on: date) -> str | None:
    """Return what is paid instead of a currency that has ended by this day; None for one that has not."""
    ended = ENDED.get(code)
    return ended.successor if ended and ended.on <= on else None
