"""Those who move money: the sandbox, Stripe, and our own staff (`offline`). Each is a `PaymentProvider`.

Nothing here knows invoices; a card number never comes this way.
"""
