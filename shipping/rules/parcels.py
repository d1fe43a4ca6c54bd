"""Is this answer about this parcel? Carriers use their numbers again, so the key is (number, ship date).

A delivery in a wrong place is a contradiction of the right parcel, never a reason to call it another one.
"""

from datetime import datetime, timedelta
from typing import Final

from shipping.reading import Reading

BEFORE: Final = timedelta(days=1)
AFTER: Final = timedelta(days=30)


def other_parcel(
    *, reading: Reading, tracking_number: str, order_id: str = "", shipped_at: datetime | None
) -> str:
    """Why the answer belongs to another parcel; empty where nothing says so.

    Another number; another order, where no number is named; or all events end over a day before `shipped_at`,
    or begin over 30 days after it.
    """
    numbers, events = reading.numbers, reading.events
    if numbers and tracking_number not in numbers:
        return f"The answer is about {', '.join(sorted(numbers))}."
    if not numbers and reading.orders and order_id not in reading.orders:
        return f"The answer is about order {', '.join(sorted(reading.orders))}."
    moments = [event.time.sort_at for event in events if event.time.sort_at is not None]
    if shipped_at is None or not moments:
        return ""
    if shipped_at - max(moments) > BEFORE:
        return "All its events end more than a day before the parcel was shipped."
    if min(moments) - shipped_at > AFTER:
        return "All its events begin more than 30 days after the parcel was shipped."
    return ""
