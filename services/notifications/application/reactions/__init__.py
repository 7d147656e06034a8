"""Reactions to events: each has one effect however often its event comes."""
