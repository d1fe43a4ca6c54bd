"""A-to-z claims: notices, clocks, warnings, evidence, bundles, replies and outcomes."""
