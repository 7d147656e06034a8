"""Billing's side of the bus: `published` is the contract with others, `consumed` what we read of theirs, `consumers`
the table of reactions. Never decides anything: it translates.
"""
