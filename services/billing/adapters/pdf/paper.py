"""The paper that documents are printed on: the one source for the PDF and for the print view.

Who gets a document prints it, so a document that goes abroad has the recipient's paper. Where the recipient's country
is not known, it is the business's.
"""

from services.billing.application.printing import Letter

US_LETTER = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])
"""The territories that CLDR 48 gives US Letter (supplemental data, `paperSize`); all others use A4."""


def paper_of(letter: Letter) -> str:
    """Return `us-letter` or `a4`."""
    country = letter.recipient.country or letter.sender.country
    return "us-letter" if country.upper() in US_LETTER else "a4"
