"""Carrying messages out: by mail, by signed webhook, by chat services. Each sender does one thing.

A sender knows nothing of claims, rows or retries: it gets messages, tries each at most once, and says what
became of it. What follows from that is decided in `claims.services`.
"""
