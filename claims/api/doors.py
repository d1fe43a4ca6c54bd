"""Which door a letter comes through, for the constraint that takes it once."""

from accounts.access import Caller

FORM = "form"


def source_of(caller: Caller) -> str:
    """The integration with all its keys is one door; the agents' form is another."""
    return f"integration:{caller.integration.pk}" if caller.integration is not None else FORM


#: The door of raw mail: one for all who pass it on, so that a mail handed in twice is one letter, and a letter
#: that its sender's program posts as well is the same letter from another source.
MAILBOX = "mailbox"
