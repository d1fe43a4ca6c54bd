"""What tracking proves: pure functions over what was read. No rows, no clock, no network."""
