"""Collaboration's ports on MongoDB and HTTP."""
