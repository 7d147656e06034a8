"""People, documents and fakes for collaboration's tests."""
