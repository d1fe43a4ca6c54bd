"""The IANA time zones this installation knows. Pure: `tzdata` gives every machine the same list."""

from functools import cache
from zoneinfo import available_timezones


@cache
def known_zones() -> frozenset[str]:
    """Names such as `Europe/Rome`; those that mean "this machine" are no answer and left out."""
    return frozenset(available_timezones() - {"localtime", "Factory"})
