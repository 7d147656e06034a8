"""Billing: estimates, invoices, payments, saved cards, refunds, statements and their PDFs.

Owns every amount and every document number. Learns about organisations and client companies from identity's events.
Never sends a mail, never stores a card number, never computes an amount twice: what was stored is what is shown.
"""
