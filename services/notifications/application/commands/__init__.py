"""Commands, one use case a file: load, decide, save."""
