"""Clocks as a calendar that other programs subscribe to (RFC 5545). Pure: events in, bytes out.

The same events give the same bytes, so that a feed can say that nothing has changed. Nothing of a buyer is
in it: a calendar's address is often known to more than its owner.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard

PRODUCT = "-//A-to-z claims//Deadlines//EN"
ALARM_BEFORE = timedelta(hours=1)
REFRESH_EVERY = timedelta(minutes=15)


@dataclass(frozen=True)
class CalendarEvent:
    """One clock. `sequence` grows when it moves; `changed_at` is when this version began."""

    uid: str
    sequence: int
    at: datetime
    changed_at: datetime
    summary: str
    description: str
    url: str


def calendar_of(events: Iterable[CalendarEvent], *, name: str) -> bytes:
    """The calendar with an alarm an hour before each event."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    for event in events:
        calendar.add_component(_event(event))
    if not calendar.subcomponents:
        calendar.add_component(_utc())  # a calendar without any component is not valid
    return bytes(calendar.to_ical())


def _event(event: CalendarEvent) -> Event:
    shown = Event()
    shown.add("uid", event.uid)
    shown.add("dtstamp", event.changed_at.astimezone(UTC))
    shown.add("last-modified", event.changed_at.astimezone(UTC))
    shown.add("sequence", event.sequence)
    shown.add("dtstart", event.at.astimezone(UTC))
    shown.add("summary", event.summary)
    shown.add("description", event.description)
    shown.add("url", event.url)
    shown.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("trigger", -ALARM_BEFORE)
    alarm.add("description", event.summary)
    shown.add_component(alarm)
    return shown


def _utc() -> Timezone:
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Etc/UTC")
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - the standard asks for local time here
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    standard.add("tzname", "UTC")
    zone.add_component(standard)
    return zone
