"""What several services say alike: one text for each refusal, whichever service makes it.

The supergraph keeps one description of each error code, that of the first service: so all have the same.
"""

TEXT_REQUIRED = "The text is empty, but a value is required."
TEXT_TOO_LONG = "The text has more characters than allowed."
CONTROL_CHARACTERS = "The text contains characters that cannot be displayed."
LOOKS_LIKE_CARD_NUMBER = "The text contains what looks like a payment card number."
INVALID_EMAIL = "The e-mail address is not valid."
TOO_MANY_ENTRIES = "The list has more entries than allowed."
UNKNOWN_CURRENCY = "The currency is not a three-letter ISO 4217 code."
CURRENCY_ENDED = "The currency is no longer in use."
DIRECTORY_UNAVAILABLE = "Organisations, portals and people cannot be looked up right now; nothing was changed."

SAY_TEXT_REQUIRED = "This must not be empty."
SAY_CONTROL_CHARACTERS = "This contains characters that cannot be displayed. Type it as plain text."
SAY_CARD_NUMBER = (
    "This looks like a payment card number. Enter card numbers only on the payment form. If it is another number, "
    "write what it is right before it, without spaces in the number: “KID: 1234567”."
)
SAY_INVALID_EMAIL = "This is not a valid e-mail address."
SAY_UNKNOWN_CURRENCY = "This is not a three-letter currency code (ISO 4217), such as EUR."


def say_text_too_long(limit: int) -> str:
    """Return the refusal of a text with more than `limit` characters."""
    return f"This must have at most {limit:,} characters."


def say_too_many_entries(limit: int) -> str:
    """Return the refusal of a list with more than `limit` entries."""
    return f"This list must have at most {limit:,} entries."


def say_currency_ended(code: str, successor: str) -> str:
    """Return the refusal of a currency that another has replaced; both by their codes."""
    return f"{code} is no longer in use; use {successor} instead."
