"""What the facts of a claim amount to: protection, contradictions, strength, and what they advise.

Pure functions over parcels and what was handed in. Nothing here reads a clock or promises a win; every verdict
names the fields that led to it.
"""
