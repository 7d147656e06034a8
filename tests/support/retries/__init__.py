"""Mutations that are sent again: the rows, the world that they happen in, and what is compared."""
