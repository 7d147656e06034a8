"""Makers, fakes and fixtures for billing's tests."""
