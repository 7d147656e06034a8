"""The table of `docs/notifications.md`: who is told of what, from the code's own. `python -m portal_cli.notices`."""

from pathlib import Path

from portal_cli.paths import ROOT
from services.notifications.domain.kinds import ALWAYS, TABLE, Audience, Telling

GUIDE = Path(ROOT) / "docs/notifications.md"
BEGIN, END = "<!-- the table of services/notifications/domain/kinds.py -->", "<!-- its end -->"
_WHO = {
    Audience.STAFF: "the active members of staff",
    Audience.CLIENT: "the contacts of the client company",
    Audience.OUTSIDE: "the recipient of the forward",
}
_CARRIES = {"": "", "document": ", with the PDF", "receipt": ", with the receipt"}


def table() -> str:
    """Return the table as Markdown."""
    head = ["| of what | who | by | not when | because of |", "|---|---|---|---|---|"]
    return "\n".join([*head, *map(_line, TABLE)])


def with_table(guide: str) -> str:
    """Return the guide with the present table in its place."""
    before, _, rest = guide.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{rest.partition(END)[2]}"


def _line(row: Telling) -> str:
    by = f"mail{_CARRIES[row.carries]}" + ("; feed" if row.in_feed else "")
    who = _WHO[row.audience] + (", whatever the portal's settings" if row.kind in ALWAYS else "")
    facts = "<br>".join(f"`{fact}`" for fact in row.facts)
    return f"| `{row.kind.name}` | {who} | {by} | {row.unless} | {facts} |"


if __name__ == "__main__":
    GUIDE.write_text(with_table(GUIDE.read_text()))
