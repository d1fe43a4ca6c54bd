"""Commands of the shipping app."""
