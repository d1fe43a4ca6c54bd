"""Commands of the claims app; the work is in services and pure modules."""
