"""The words on printed documents, in the languages that have a translation; English for all others.

One module per language. A language is complete or it cannot be imported: `complete` compares it with English.
"""

from collections.abc import Mapping

from services.billing.adapters.pdf.labels.arabic import ARABIC
from services.billing.adapters.pdf.labels.dutch import DUTCH
from services.billing.adapters.pdf.labels.english import ENGLISH
from services.billing.adapters.pdf.labels.french import FRENCH
from services.billing.adapters.pdf.labels.german import GERMAN
from services.billing.adapters.pdf.labels.italian import ITALIAN
from services.billing.adapters.pdf.labels.japanese import JAPANESE
from services.billing.adapters.pdf.labels.polish import POLISH
from services.billing.adapters.pdf.labels.portuguese import PORTUGUESE
from services.billing.adapters.pdf.labels.spanish import SPANISH
from services.billing.adapters.pdf.labels.stamps import STAMPED, stamp_key

__all__ = ["ENGLISH", "LABELS", "STAMPED", "complete", "stamp_key"]

Labels = Mapping[str, str]


def complete(languages: Mapping[str, Labels]) -> Mapping[str, Labels]:
    """Return the languages. Raises LookupError when one has other labels than English."""
    for language, words in languages.items():
        if different := set(words) ^ set(ENGLISH):
            raise LookupError(f"labels in {language!r}: {', '.join(sorted(different))}")
    return languages


LABELS = complete(
    {
        "en": ENGLISH,
        "de": GERMAN,
        "fr": FRENCH,
        "es": SPANISH,
        "it": ITALIAN,
        "nl": DUTCH,
        "pt": PORTUGUESE,
        "pl": POLISH,
        "ja": JAPANESE,
        "ar": ARABIC,
    }
)
