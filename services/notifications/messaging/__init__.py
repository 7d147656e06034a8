"""Notifications' side of the bus: what it publishes, what it reads of others, and whom it then tells."""
