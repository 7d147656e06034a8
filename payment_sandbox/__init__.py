"""A card provider that behaves like a real one, for development and tests: hosted form, payments, 3-D Secure, webhooks.

Run it by `python -m payment_sandbox --port P --data DIR`; the door for embedding is `app.create_app`.
Knows nothing about the portal, takes test cards only (`cards.TEST_CARDS`), and never stores or logs a card number.
"""
