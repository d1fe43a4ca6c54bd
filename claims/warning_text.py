"""The words of a warning. Pure: facts in, subject and body out.

Every text names the moment with its zone and the time left, what is missing, and where to click. What others
wrote (an order id, the subject of a letter, a name) is shown on one line and can start no line of its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from claims.deadlines import NEVER_MISSED, DeadlineKind
from claims.ladder import MISSED, TROUBLE, UNHEARD

_ASKED: dict[str, str] = {
    DeadlineKind.RESPONSE: "Answer Amazon's request",
    DeadlineKind.APPEAL_INFORMATION: "Answer Amazon's question in the appeal",
    DeadlineKind.APPEAL: "Decide on an appeal",
    DeadlineKind.PREPARATION: "Prepare the evidence",
    DeadlineKind.TRIAGE: "Read a letter that may be an A-to-z claim",
}
_TOO_LATE: dict[str, str] = {
    DeadlineKind.TRIAGE: "Nobody has read it in time. Read it now.",
    DeadlineKind.APPEAL: "The time for an appeal has run out. A late one can still be tried.",
}
_ANSWER_LATE = "The time has run out. Answer all the same, Amazon may still read it."
_SUBJECT_LENGTH = 200
_FOREIGN_LENGTH = 120


@dataclass(frozen=True)
class WarningFacts:
    """What a warning can say. `due_at` is None for a claim that was decided unheard.

    `zone` is the reader's. `documents` are (name, address) of what is ready to be used.
    """

    stage: str
    kind: str
    order_id: str
    url: str
    zone: str
    now: datetime
    target_at: datetime | None = None
    due_at: datetime | None = None
    previous_due_at: datetime | None = None
    amount: str = ""
    assignee: str = ""
    missing: tuple[str, ...] = ()
    documents: tuple[tuple[str, str], ...] = ()
    subject: str = ""
    round: int = 1


def subject_of(facts: WarningFacts) -> str:
    """The one line that is read on a phone."""
    about = f"order {facts.order_id}" if facts.order_id else "a letter nobody has read"
    again = f" (reminder {facts.round - 1})" if facts.round > 1 else ""
    return one_line(f"{_headline(facts)}, {about}{again}", _SUBJECT_LENGTH)


def _headline(facts: WarningFacts) -> str:
    if facts.stage == UNHEARD:
        return "A-to-z claim decided before we heard of it"
    if facts.stage == TROUBLE:
        return "LOOK AFTER THIS BY HAND: its warnings cannot be made"
    asked = asked_for(facts.kind)
    asked = asked[:1].lower() + asked[1:]
    return f"MISSED: {asked}" if facts.stage == MISSED else f"{_left(facts)}: {asked}"


def asked_for(kind: str) -> str:
    """What a clock of this kind wants of people."""
    return _ASKED.get(kind, f"See to the clock «{kind}»")


def _left(facts: WarningFacts) -> str:
    if facts.target_at is None or facts.due_at is None:
        return "now"
    if facts.now < facts.target_at:
        return time_left(facts.target_at, facts.now)
    if facts.now < facts.due_at:
        return f"{time_left(facts.due_at, facts.now)}, past the target"
    return "now" if facts.kind in NEVER_MISSED else "the time is up"


def body_of(facts: WarningFacts) -> str:
    """The whole text, plain."""
    lines = [_first_line(facts), ""]
    if facts.due_at and facts.target_at:
        if facts.target_at != facts.due_at:
            lines.append(f"Aim at:   {absolute(facts.target_at, facts.zone)}")
        lines.append(f"Due:      {absolute(facts.due_at, facts.zone)}")
        if facts.previous_due_at:
            lines.append(f"Moved:    it was {absolute(facts.previous_due_at, facts.zone)}")
    if facts.amount:
        lines.append(f"At stake: {one_line(facts.amount)}")
    if facts.order_id:
        lines.append(f"With:     {one_line(facts.assignee) or 'nobody yet'}")
    if facts.missing:
        lines.append(f"Missing:  {one_line(', '.join(facts.missing).replace('_', ' '), 500)}")
    lines += ["", f"Open it: {facts.url}"]
    lines += [f"{name}: {address}" for name, address in facts.documents]
    return "\n".join([*lines, ""])


def _first_line(facts: WarningFacts) -> str:
    about = f" for order {one_line(facts.order_id)}" if facts.order_id else ""
    if facts.stage == UNHEARD:
        return (
            f"Amazon has acted on the claim{about}, and no earlier letter about it came in. "
            "Check Seller Central."
        )
    if facts.subject:
        about += f" («{one_line(facts.subject)}»)"
    asked = asked_for(facts.kind)
    if facts.stage == TROUBLE:
        return f"{asked}{about}. Its warnings cannot be made, so nobody else is told; its history says why."
    if facts.stage == MISSED:
        late = _TOO_LATE.get(facts.kind, _ANSWER_LATE)
        return f"{asked}{about}. {late}"
    return f"{asked}{about}: {_left(facts)}."


def time_left(until: datetime, now: datetime) -> str:
    """«3 h 20 min left», «4 days 2 h left» or «20 min over», rounded down so that nobody counts on more."""
    left = until - now
    minutes = int(abs(left).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= 3:
        span = f"{days} days {hours} h"
    elif days or hours:
        span = f"{days * 24 + hours} h {minutes} min"
    else:
        span = f"{minutes} min"
    return f"{span} {'over' if left < timedelta(0) else 'left'}"


def absolute(moment: datetime, zone: str) -> str:
    """A moment in a named zone, and in UTC where that differs. A zone nobody knows is read as UTC."""
    place = _zone(zone)
    if place is UTC or zone == "UTC":
        return f"{moment.astimezone(UTC):%a %d %b %Y %H:%M} UTC"
    return (
        f"{moment.astimezone(place):%a %d %b %Y %H:%M} {zone} ({moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC)"
    )


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown, empty or a folder of the zone files
        return UTC


def one_line(text: str, length: int = _FOREIGN_LENGTH) -> str:
    """Somebody else's words without line ends and control characters, cut at `length`."""
    shown = text if text.isprintable() else "".join(c if c.isprintable() else " " for c in text)
    plain = " ".join(shown.split())
    return plain if len(plain) <= length else plain[: length - 1] + "…"
