"""The normal form: our own words, for whoever has a carrier that no reader here knows.

Documented in docs/ and in the API's schema. It is a contract, so what breaks it is refused with a pointer.
"""

from typing import Any, Final

from shipping.carriers.json_body import object_of
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.handovers import handover
from shipping.rules.times import ReadTime, read_iso
from shipping.vocabulary import Leg, ParcelStatus, TimeBasis

PROVIDER: Final = "normal"
VERSION: Final = "normal/1"

_TOP: Final = frozenset({"tracking_number", "events", "received_by", "signature_required"})
_EVENT: Final = frozenset({"status", "text", "code", "occurred_at", "local_time", "offset", "leg", "place"})
_PLACE: Final = frozenset({"city", "region", "postal_code", "country_code"})
EVENTS_AT_MOST: Final = 5000


def read(body: bytes) -> Reading:
    """Raises Unreadable with the pointer of the first fault."""
    whole = object_of(body)
    _only(whole, _TOP, "")
    number = normalised(_text(whole, "tracking_number", ""))
    items = whole.get("events")
    if not isinstance(items, list):
        raise Unreadable("A list of events is needed.", "/events")
    if len(items) > EVENTS_AT_MOST:
        raise Unreadable(f"At most {EVENTS_AT_MOST} events at a time.", "/events")
    required = whole.get("signature_required")
    if required is not None and not isinstance(required, bool):
        raise Unreadable("Either true or false.", "/signature_required")
    return Reading(
        events=tuple(_event(item, f"/events/{index}", number) for index, item in enumerate(items)),
        stated=Stated(received_by=_text(whole, "received_by", "", 200), signature_required=required),
        numbers=frozenset({number} if number else ()),
    )


def _only(found: object, allowed: frozenset[str], pointer: str) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Unreadable("An object is needed.", pointer)
    for name in found:
        if name not in allowed:
            raise Unreadable("This field is not known.", f"{pointer}/{words(name, 100)}")
    return found


def _text(whole: dict[str, Any], name: str, pointer: str, length: int = 2000) -> str:
    value = whole.get(name)
    if value is not None and not isinstance(value, str):
        raise Unreadable("Text is needed.", f"{pointer}/{name}")
    return words(value, length)


def _event(item: object, pointer: str, number: str) -> ReadEvent:
    event = _only(item, _EVENT, pointer)
    status = _text(event, "status", pointer)
    if status not in ParcelStatus.values:
        raise Unreadable(f"One of {', '.join(ParcelStatus.values)}.", f"{pointer}/status")
    leg = _text(event, "leg", pointer) or Leg.UNKNOWN
    if leg not in Leg.values:
        raise Unreadable(f"One of {', '.join(Leg.values)}.", f"{pointer}/leg")
    where = _only(event.get("place") or {}, _PLACE, f"{pointer}/place")
    stated: dict[str, Any] = {name: _text(where, name, f"{pointer}/place", 200) for name in where}
    text = _text(event, "text", pointer)
    became = handover(ParcelStatus(status), text)
    return ReadEvent(
        status=became.status,
        time=_time(event, pointer),
        provider_status=status,
        code=_text(event, "code", pointer, 100),
        text=text,
        place=Place(spot=became.spot, **stated),
        leg=Leg(leg),
        number=number,
    )


def _time(event: dict[str, Any], pointer: str) -> ReadTime:
    stated, local = _text(event, "occurred_at", pointer, 100), _text(event, "local_time", pointer, 100)
    offset = _text(event, "offset", pointer, 10)
    if bool(stated) == bool(local):
        raise Unreadable("Give either occurred_at or local_time.", f"{pointer}/occurred_at")
    if stated:
        if offset:
            raise Unreadable("An offset belongs to local_time; occurred_at has its own.", f"{pointer}/offset")
        time = read_iso(stated)
        if time.occurred_at is None:
            raise Unreadable(
                "ISO 8601 with an offset is needed; without one give local_time.", f"{pointer}/occurred_at"
            )
        return time
    time = read_iso(local)
    if time.basis not in (TimeBasis.ASSUMED, TimeBasis.DATE_ONLY):
        raise Unreadable(
            "ISO 8601 without an offset is needed; with one give occurred_at.", f"{pointer}/local_time"
        )
    if not offset:
        return time
    together = read_iso(f"{local}{offset}")
    if together.occurred_at is None:
        raise Unreadable(
            "An offset such as +02:00 is needed, and a time for it to apply to.", f"{pointer}/offset"
        )
    return together
