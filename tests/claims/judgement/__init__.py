"""What the facts of a claim amount to."""
