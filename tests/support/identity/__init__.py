"""Fakes, makers and a whole identity in memory for its tests."""
