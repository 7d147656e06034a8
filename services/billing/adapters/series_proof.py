"""Reads every number that a database holds, and proves the series: each place from 1 to the last one, once.

Reads all documents' numbers once, in no order, and keeps one small count per number. Safe beside a running portal: what
is being sent meanwhile may show as held by a draft, never as a gap.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from chassis.mongo.client import Database, Document
from services.billing.adapters import mongo_estimates, mongo_invoices, mongo_numbers
from services.billing.domain.series import Proof, Series, prove

_DOCUMENTS = {Series.INVOICE: mongo_invoices.COLLECTION, Series.ESTIMATE: mongo_estimates.COLLECTION}
_FIELDS = {"organisation_id": 1, "number": 1, "sent_at": 1}
Years = dict[int, tuple[int, int]]
"""By year of sending (UTC): the lowest and the highest place."""


@dataclass(frozen=True, kw_only=True)
class ProvenSeries:
    """One series of one organisation, its proof, and which places each year has."""

    organisation_id: str
    series: Series
    proof: Proof
    years: Years

    def year_of(self, place: int) -> int | None:
        """Return in which year a place belongs: the first one that has come so far."""
        return next((year for year, (_, last) in sorted(self.years.items()) if place <= last), None)


async def prove_series(database: Database) -> list[ProvenSeries]:
    """Return the proof of every series, by organisation."""
    proven = [await _prove(database, series) for series in Series]
    return sorted((one for each in proven for one in each), key=lambda one: (one.organisation_id, one.series.value))


async def _prove(database: Database, series: Series) -> list[ProvenSeries]:
    rows = await _numbers(database, series)
    sent: defaultdict[str, Counter[int]] = defaultdict(Counter)
    years: defaultdict[str, Years] = defaultdict(dict)
    async for document in database[_DOCUMENTS[series]].find({}, _FIELDS):
        place = series.place(document["number"]) if document.get("number") else None
        if place is not None:
            organisation = document["organisation_id"]
            sent[organisation][place] += 1
            if document.get("sent_at") is not None:
                year = document["sent_at"].year
                low, high = years[organisation].get(year, (place, place))
                years[organisation][year] = (min(low, place), max(high, place))
    found: list[ProvenSeries] = []
    for organisation in sorted({*sent, *rows}):
        unsent = [row for row in rows.get(organisation, []) if row["place"] not in sent[organisation]]
        waiting = [row["place"] for row in unsent if row["is_free"] or await _is_draft(database, series, row)]
        proof = prove(sent[organisation], waiting, [row["place"] for row in unsent])
        found.append(ProvenSeries(organisation_id=organisation, series=series, proof=proof, years=years[organisation]))
    return found


async def _numbers(database: Database, series: Series) -> dict[str, list[Document]]:
    """Return the rows of a series by organisation; read before the documents, which come later."""
    rows: defaultdict[str, list[Document]] = defaultdict(list)
    fields = {"series": 1, "place": 1, "is_free": 1, "document_id": 1}
    async for row in database[mongo_numbers.COLLECTION].find({}, fields):
        organisation, _, kind = row["series"].partition("/")
        if kind == series.value:
            rows[organisation].append(row)
    return rows


async def _is_draft(database: Database, series: Series, row: Document) -> bool:
    known = await database[_DOCUMENTS[series]].find_one({"_id": row["document_id"]}, {"state": 1})
    return known is not None and known["state"] != "void"
