"""The rules of warning channels: their kinds, which targets are taken, and which addresses may be called.

Pure: no rows and no network but the resolver that is handed in. Rows are in `accounts.models.channels`.
"""
