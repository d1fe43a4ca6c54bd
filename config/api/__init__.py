"""API policy: errors, pagination, limits, the router and the schema. The views are in the applications."""
