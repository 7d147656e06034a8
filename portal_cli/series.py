"""`portal series`: prove that numbers have no gap and no duplicate, per organisation and year."""

import asyncio
import os

from rich.console import Console

from chassis.down import is_down
from chassis.mongo.client import connect
from portal_cli.refusals import Refusal
from services.billing.adapters.series_proof import ProvenSeries, prove_series


def run() -> int:
    """Print every series, its gaps and its duplicates; return 1 where there is one."""
    console = Console(highlight=False, soft_wrap=True)
    proven = asyncio.run(_proven())
    for each in proven:
        for line in told(each):
            console.print(line)
    wrong = sum(not each.proof.is_sound for each in proven)
    console.print(f"{len(proven)} series, {wrong} with gaps or duplicates.")
    return 1 if wrong else 0


def told(each: ProvenSeries) -> list[str]:
    """Return what is said of one series: its years, then what is wrong with it, then what waits."""
    name = f"{each.organisation_id} {each.series.value}"
    lines = [
        f"{name} {year}: {each.series.label(low)} to {each.series.label(high)}"
        for year, (low, high) in sorted(each.years.items())
    ]
    for what, places in (("gap", each.proof.gaps), ("duplicate", each.proof.duplicates)):
        lines += [f"{name} {each.year_of(place) or 'unsent'}: {what} {each.series.label(place)}" for place in places]
    lines += [f"{name}: {each.series.label(place)} waits for a document" for place in each.proof.waiting]
    return lines


async def _proven() -> list[ProvenSeries]:
    url = os.environ.get("PORTAL_MONGO_URL_BILLING") or os.environ.get("PORTAL_MONGO_URL")
    if not url:
        raise Refusal("PORTAL_MONGO_URL is not set; set it to the address of the database.")
    database = connect(url, f"{os.environ.get('PORTAL_DATABASE_PREFIX', 'portal_')}billing")
    try:
        return await prove_series(database)
    except Exception as away:
        if not is_down(away):
            raise
        raise Refusal("The database that PORTAL_MONGO_URL names cannot be reached.") from None
    finally:
        await database.close()
