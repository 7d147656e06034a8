"""Collaboration's side of the bus: what it publishes (a contract), what it reads of others, and what it then does."""
