"""Measurements that a `make` target repeats; each says what it measures and what it demands."""
