"""Number series: which number the next sent document of an organisation takes."""

from enum import StrEnum


class Series(StrEnum):
    """What is numbered apart from each other within an organisation."""

    ESTIMATE = "estimate"
    INVOICE = "invoice"

    def label(self, place: int) -> str:
        """Return the printed number for a place in the series, counted from 1."""
        return f"{'EST' if self is Series.ESTIMATE else 'INV'}-{place:06d}"
