"""A small seller's week, told through the real services: what a newcomer sees first."""
