"""The evidence bundle: what a reviewer at Amazon reads, made from values alone.

Leaves to others: which rows go in (services map them to `content`), where the bytes are kept, and the reply.
Nothing here reads a clock, a database or a setting.
"""
