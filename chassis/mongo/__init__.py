"""Storage: the driver, the aggregate repository with its outbox, projections, paging, indexes.

Door: `MongoRepository`, `connect`. Only `client.py` knows motor. Never writes the outbox array as a value.
"""
