"""What billing decides, without any I/O: aggregates cut by behaviour, money, facts and refusals.

Entry: `estimate.Estimate`, `invoice.Invoice`, `content.write` (checks and computes what a document says).
Never reads a clock, a database or another service; time and values are passed in.
"""
