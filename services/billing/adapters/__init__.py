"""How billing reaches the outside: MongoDB, identity over HTTP, payment providers, PDF, signed links.

Each module implements one port or repository. Decides nothing: what may be done is settled in the domain.
"""
