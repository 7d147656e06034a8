"""The gateway against one merged schema: random schemas, random splits, random operations, the same answers.

`python -m tests.gateway.differential --operations 10000` runs as many as wanted and prints the seed.
"""
