"""One small module per provider that answers about parcels; all have the same shape.

A module names its `PROVIDER`, a `VERSION` of its reading, status tables with the vendor's page, and a pure
`read(body) -> Reading`. Adding one: write the file, add it to `registry.READERS`.
"""
