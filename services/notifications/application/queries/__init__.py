"""Queries: what people may see. They change nothing, not even by being asked."""
