"""What staff should look at before a document goes out. Nothing here keeps it from being sent."""

from collections.abc import Iterator
from enum import StrEnum

from chassis.world.tax_ids import is_doubtful
from services.billing.domain.content import Content, Party

_NO_NUMBER_ASKED = frozenset({"US"})
"""Countries whose taxes on sales are charged without the seller's tax number on the invoice."""


class Caveat(StrEnum):
    """What may be wrong."""

    SELLER_TAX_ID_MISSING = "seller_tax_id_missing"
    SELLER_TAX_ID_DOUBTFUL = "seller_tax_id_doubtful"
    BUYER_TAX_ID_DOUBTFUL = "buyer_tax_id_doubtful"


def caveats_of(content: Content, seller: Party, buyer: Party) -> Iterator[Caveat]:
    """Yield what may be wrong: tax is charged under no tax number (EN 16931 BR-S-02), a VAT number does not fit."""
    charges_tax = any(row.percent > 0 for row in content.amounts.taxes)
    if charges_tax and not seller.tax_id.strip() and seller.address.country not in _NO_NUMBER_ASKED:
        yield Caveat.SELLER_TAX_ID_MISSING
    if is_doubtful(seller.tax_id):
        yield Caveat.SELLER_TAX_ID_DOUBTFUL
    if is_doubtful(buyer.tax_id):
        yield Caveat.BUYER_TAX_ID_DOUBTFUL
