"""People and fakes for the tests of notifications."""
