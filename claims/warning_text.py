"""The words of a warning. Pure: rows in, subject and body out.

Every text names the moment with its zone and the hours left, what is missing, and where to click.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from claims.deadlines import DeadlineKind
from claims.ladder import MISSED, UNHEARD

_ASKED = {
    DeadlineKind.RESPONSE: "Answer Amazon's request",
    DeadlineKind.APPEAL_INFORMATION: "Answer Amazon's question in the appeal",
    DeadlineKind.APPEAL: "Decide on an appeal",
    DeadlineKind.PREPARATION: "Prepare the evidence",
    DeadlineKind.TRIAGE: "Read a letter that may be an A-to-z claim",
}


@dataclass(frozen=True)
class WarningFacts:
    """What a warning can say. `due_at` is None for a claim that was decided unheard."""

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
    subject: str = ""
    round: int = 1


def subject_of(facts: WarningFacts) -> str:
    """The one line that is read on a phone."""
    about = f"order {facts.order_id}" if facts.order_id else "a letter nobody has read"
    if facts.stage == UNHEARD:
        return f"A-to-z claim decided before we heard of it: {about}"
    if facts.stage == MISSED:
        return f"MISSED: {_ASKED[DeadlineKind(facts.kind)].lower()}, {about}"
    left = time_left(facts.target_at, facts.now) if facts.target_at else ""
    again = f" (reminder {facts.round})" if facts.round > 1 else ""
    return f"{left}: {_ASKED[DeadlineKind(facts.kind)].lower()}, {about}{again}"


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
        lines.append(f"At stake: {facts.amount}")
    if facts.order_id:
        lines.append(f"With:     {facts.assignee or 'nobody yet'}")
    if facts.missing:
        lines.append(f"Missing:  {', '.join(m.replace('_', ' ') for m in facts.missing)}")
    return "\n".join([*lines, "", f"Open it: {facts.url}", ""])


def _first_line(facts: WarningFacts) -> str:
    if facts.stage == UNHEARD:
        return f"Amazon has acted on order {facts.order_id}, and no earlier letter about it came in. Check Seller Central."
    asked = _ASKED[DeadlineKind(facts.kind)]
    about = f" for order {facts.order_id}" if facts.order_id else ""
    if facts.subject:
        about += f" («{facts.subject}»)"
    if facts.stage == MISSED:
        return f"{asked}{about}: the time has run out. Answer all the same, Amazon may still read it."
    if facts.target_at:
        return f"{asked}{about}: {time_left(facts.target_at, facts.now)}."
    return f"{asked}{about}."


def time_left(until: datetime, now: datetime) -> str:
    """«3 h 20 min left», «2 days 4 h left» or «20 min over», rounded down so that nobody counts on more."""
    left = until - now
    over = left < timedelta(0)
    minutes = int(abs(left).total_seconds() // 60)
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= 3:
        span = f"{days} days {hours} h"
    elif days or hours:
        span = f"{days * 24 + hours} h {minutes} min"
    else:
        span = f"{minutes} min"
    return f"{span} {'over' if over else 'left'}"


def absolute(moment: datetime, zone: str) -> str:
    """A moment in a named zone, and in UTC where that differs."""
    local = moment.astimezone(ZoneInfo(zone))
    text = f"{local:%a %d %b %Y %H:%M} {zone}"
    return text if zone == "UTC" else f"{text} ({moment:%Y-%m-%d %H:%M} UTC)"
