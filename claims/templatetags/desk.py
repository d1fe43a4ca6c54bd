"""How the pages write moments, lengths of time and the domain's words. Text in, text out; no query."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.zones import known_zones
from claims.marketplaces import marketplace
from claims.page_words import PILLS, WORDS

register = template.Library()

URGENT = timedelta(hours=4)
SOON = timedelta(hours=24)


def as_moment(value: Any) -> datetime | None:
    """A moment of an answer, which is text there."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not value:
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def in_words(span: timedelta) -> str:
    """The two largest units: 2 d 5 h, 3 h 12 min, 45 min."""
    minutes = int(abs(span).total_seconds()) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min"


@register.simple_tag
def moment(value: Any, zone: str = "UTC", missing: str = "–") -> SafeString | str:
    """`Sun 22 Nov 2026, 17:03 Europe/Berlin`."""
    return _moment(value, zone, missing, "{local:%a} {local.day} {local:%b %Y, %H:%M}")


@register.simple_tag
def near(value: Any, zone: str = "UTC", missing: str = "–") -> SafeString | str:
    """The same without the year, for moments of these days."""
    return _moment(value, zone, missing, "{local:%a} {local.day} {local:%b, %H:%M}")


def _moment(value: Any, zone: str, missing: str, form: str) -> SafeString | str:
    found = as_moment(value)
    if found is None:
        return missing
    name = zone if zone in known_zones() else "UTC"
    local = found.astimezone(ZoneInfo(name))
    return format_html(
        '<time datetime="{}"><span class="at">{}</span> <span class="zone">{}</span></time>',
        found.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        form.format(local=local),
        name,
    )


@register.simple_tag
def left(until: Any, now: datetime, due: Any = None) -> SafeString | str:
    """The time left to `until`; a few lines of script keep it going. `due`: what comes after the target."""
    end = as_moment(until)
    if end is None:
        return ""
    last = as_moment(due) or end
    return format_html(
        '<span class="left {}" data-until="{}" data-due="{}">{}</span>',
        _urgency(end - now),
        end.isoformat(),
        last.isoformat(),
        said(end - now, last - now),
    )


def said(to_target: timedelta, to_due: timedelta) -> str:
    """What is left, in words: the target counts, the due date says what is too late."""
    if to_target > timedelta(0):
        return f"{in_words(to_target)} left"
    if to_due > timedelta(0):
        return f"Target passed, due in {in_words(to_due)}"
    return f"Overdue by {in_words(to_due)}"


def _urgency(span: timedelta) -> str:
    if span < URGENT:
        return "left--danger"
    return "left--soon" if span < SOON else "left--calm"


@register.filter
def word(value: Any, kind: str) -> str:
    """What a stored word says to a person; an unknown one is shown as it is."""
    if value in (None, ""):
        return "–"
    return str(WORDS[kind].get(value, str(value).replace("_", " ")))


@register.filter
def plain(value: Any) -> str:
    """`delivered_not_received` as words; nothing as a dash."""
    if value in (None, "", [], {}):
        return "–"
    if value is True or value is False:
        return "yes" if value else "no"
    return str(value).replace("_", " ")


@register.filter
def pill(value: Any) -> str:
    """The pill's look for a word. What it says is in its text, so that grey is enough."""
    look = PILLS.get(str(value))
    return f"pill pill--{look}" if look else "pill"


@register.filter
def store(marketplace_id: Any) -> str:
    """`DE` for A1PA6795UKMFR9; an id nobody knows as it is."""
    row = marketplace(str(marketplace_id or ""))
    return row.country if row else str(marketplace_id or "–")


@register.filter
def bytesize(value: Any) -> str:
    """1.2 MB, 45 kB."""
    size = float(value or 0)
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


@register.filter
def place(value: Any) -> str:
    """An address or a place in one line."""
    if not isinstance(value, Mapping):
        return "–"
    parts = ("name", "line1", "line2", "postal_code", "city", "region", "country_code")
    return ", ".join(str(value[part]) for part in parts if value.get(part)) or "–"


@register.filter
def item(value: Any, key: Any) -> Any:
    """`value[key]`, or nothing."""
    return value.get(key) if isinstance(value, Mapping) else None


@register.filter
def fact_lines(facts: Any) -> list[tuple[str, str]]:
    """The plain facts of an event as (name, value); hashes, whole texts and empty ones are left out."""
    if not isinstance(facts, Mapping):
        return []
    return [
        (str(name).replace("_", " "), _short(value))
        for name, value in facts.items()
        if value not in (None, "", [], {}) and name != "text" and not str(name).endswith("sha256")
    ]


def _short(value: Any) -> str:
    text = in_line(value) if isinstance(value, bool | list | Mapping) else str(value)
    return text if len(text) <= 160 else text[:157] + "…"


@register.filter
def zone_at(seller: Any, desk: Any) -> str:
    """The zone in which this person reads the moments of this seller."""
    return str(desk.zone_of(seller))


@register.filter
def is_moment(value: Any) -> bool:
    """Whether a text is a moment as the API writes it."""
    return isinstance(value, str) and value.endswith("Z") and "T" in value and as_moment(value) is not None


@register.filter
def is_link(value: Any) -> bool:
    """Whether a text is an address of this product."""
    return isinstance(value, str) and value.startswith(("http://", "https://"))


@register.filter
def is_list(value: Any) -> bool:
    return isinstance(value, list | tuple | set | Mapping)


@register.filter
def is_rows(value: Any) -> bool:
    """Whether this is a list of objects."""
    return isinstance(value, list) and all(isinstance(row, Mapping) for row in value)


@register.filter
def in_line(value: Any) -> str:
    """A list or an object in one line."""
    if isinstance(value, Mapping) and "username" in value:
        return f"{value['username']} ({value['email']})" if value.get("email") else str(value["username"])
    if isinstance(value, Mapping):
        return ", ".join(f"{plain(key)}: {in_line(each)}" for key, each in value.items()) or "–"
    if isinstance(value, list | tuple | set):
        return ", ".join(str(each) for each in value) or "–"
    return plain(value)


@register.filter
def pairs(value: Any) -> list[tuple[Any, Any]]:
    """Names and values of an object, also of one that has a member called `items`."""
    return list(value.items()) if isinstance(value, Mapping) else []


@register.filter
def lead_at(seller: Any, desk: Any) -> bool:
    """Whether this person leads at this seller."""
    return bool(desk.is_lead(seller))
