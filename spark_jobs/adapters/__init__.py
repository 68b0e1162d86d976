"""Adapters: one module for each kind of dump, from its bytes to canonical records.

What an adapter is, and what it yields, is in ``outcomes``; ``registry`` finds one by name. The
other modules are what adapters share. No Spark, no file names and no clock in here.
"""
