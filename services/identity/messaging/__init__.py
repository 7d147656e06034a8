"""Identity's events: `published.py` is the contract with everybody else, `consumed.py` what we read of others."""
