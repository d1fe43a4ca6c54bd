"""The words of a reply: written from findings alone, and checked for what may not be said where."""
