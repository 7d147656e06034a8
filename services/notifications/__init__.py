"""Notifications: who is told of what, by mail and in the portal.

Owns notifications and preferences; keeps of others who people are and how to reach them. Entry: `bootstrap`.
Never decides what happened, and never sends a mail that carries a secret: those are identity's own.
"""
