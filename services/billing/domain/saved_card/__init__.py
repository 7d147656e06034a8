"""A saved card: what we keep of a card that stays at the provider. Belongs to one contact, and to nobody else.

The number is never here; the token, the brand, the last four digits, the expiry and the billing address are.
"""

from services.billing.domain.saved_card.saved_card import SavedCard, default_of

__all__ = ["SavedCard", "default_of"]
