"""Notifications' ports on MongoDB, HTTP and mail."""
