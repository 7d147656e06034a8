"""Collaboration: what people say about a document, who has seen it, and to whom it was forwarded.

Owns comments, views and forwards of estimates and invoices; keeps of billing's documents only whose they are and
whether the client may see them. Entry: `bootstrap`. Never decides what a document says and never sends mail.
"""
