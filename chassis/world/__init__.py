"""What the world decides and we only read: zones, currencies, countries, and how a language writes an amount.

All of it ages: a government moves a clock, a country changes its money, a library ships next year's locale data. So
each kind has one module here, one named source, and a release that `releases()` tells; nobody else reads that source.
Never decides anything about a document or a person.
"""
