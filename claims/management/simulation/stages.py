"""Clocks and the table of their stages, written down a second time by hand: which warning is due at which beat."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_COUNTDOWN = (("24h", 24 * HOUR), ("12h", 12 * HOUR), ("4h", 4 * HOUR), ("1h", HOUR))
#: stage, and how long before the target; the last stage is at the due moment.
STAGES = {
    "response": _COUNTDOWN,
    "appeal_information": _COUNTDOWN,
    "appeal": (("14d", 14 * DAY), ("7d", 7 * DAY), ("3d", 3 * DAY), ("24h", DAY)),
    "preparation": (("24h", DAY),),
}


@dataclass
class Span:
    """One version of a clock while it ran. `ended_at` None: to the end of the season."""

    started_at: datetime
    target_at: datetime
    due_at: datetime
    ended_at: datetime | None = None


@dataclass
class Clock:
    kind: str
    noticed_at: datetime
    created_at: datetime
    due_at: datetime
    target_at: datetime
    status: str = "open"
    settled: bool = False
    reason: str = ""
    version: int = 1
    spans: list[Span] = field(default_factory=list)

    def run(self, now: datetime) -> None:
        self.status, self.settled, self.reason = "open", False, ""
        self.spans.append(Span(now, self.target_at, self.due_at))

    def again(self, now: datetime) -> None:
        self.pause(now)
        self.version += 1
        self.run(now)

    def pause(self, now: datetime) -> None:
        if self.spans and self.spans[-1].ended_at is None:
            self.spans[-1].ended_at = now

    def settle(self, status: str, reason: str, now: datetime) -> None:
        self.pause(now)
        self.status, self.reason, self.settled = status, reason, True

    def end(self, reason: str, now: datetime) -> None:
        late = self.due_at <= now and self.kind != "preparation"
        self.settle("missed" if late else "cancelled", reason, now)

    def set_due(self, due_at: datetime, now: datetime) -> None:
        self.due_at = due_at
        self.target_at = due_at if self.kind == "appeal" else min(due_at, self.noticed_at + 48 * HOUR)
        self.again(now)


@dataclass(frozen=True)
class Expected:
    """A warning that must go out at beat `beat`, unless it could not before beat `until`. `moment`: its stage's."""

    version: int
    stage: str
    moment: datetime
    beat: int
    until: int


def beat_of(moment: datetime, *, origin: datetime, interval: timedelta) -> int:
    """The number of the first beat at or after a moment."""
    return -((origin - moment) // interval)


def expected(
    clock: Clock, *, origin: datetime, interval: timedelta, beats: int
) -> tuple[list[Expected], set[tuple[int, str]]]:
    """The warnings of a clock, and the stages that a more urgent one overtakes at the same beat."""
    warned: list[Expected] = []
    overtaken: set[tuple[int, str]] = set()
    for number, span in enumerate(clock.spans, start=1):
        end = beats + 1
        if span.ended_at is not None:
            end = beat_of(span.ended_at, origin=origin, interval=interval)
        crossed = [("at_once", span.started_at)]
        crossed += [(stage, span.target_at - before) for stage, before in STAGES[clock.kind]]
        if clock.kind != "preparation":
            crossed.append(("missed", span.due_at))
        by_beat: dict[int, list[tuple[str, datetime]]] = {}
        for stage, at in crossed:
            moment = max(at, span.started_at)
            beat = beat_of(moment, origin=origin, interval=interval)
            if beat < end:
                by_beat.setdefault(beat, []).append((stage, moment))
        beats_used = sorted(by_beat)
        for place, beat in enumerate(beats_used):
            until = beats_used[place + 1] if place + 1 < len(beats_used) else end
            stage, moment = by_beat[beat][-1]
            warned.append(Expected(number, stage, moment, beat, until))
            overtaken.update((number, each) for each, _ in by_beat[beat][:-1])
    return warned, overtaken
