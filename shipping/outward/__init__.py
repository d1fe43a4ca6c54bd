"""The one way out of shipping: whatever asks a carrier passes here, the vendors' own packages included.

It knows HTTP and nothing of parcels, rows or sellers. Whose turn it is, and what a failure means for an account,
is decided by whoever opens the door.
"""
