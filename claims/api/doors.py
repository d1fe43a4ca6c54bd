"""Which door a letter comes through, for the constraint that takes it once."""

from accounts.access import Caller

FORM = "form"


def source_of(caller: Caller) -> str:
    """The integration with all its keys is one door; the agents' form is another."""
    return f"integration:{caller.integration.pk}" if caller.integration is not None else FORM
