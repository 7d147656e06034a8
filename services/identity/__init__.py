"""Identity: organisations and their portals, staff, client companies, contacts, invites, sessions and signing keys.

It alone knows passwords and signs access tokens; every other service verifies them against the key set published here.
It never knows an invoice or an estimate.
"""
