"""What must come of the accepted steps, written down a second time by hand.

Nothing of the product's rules is imported: states, clocks and the table of stages stand here again, so that an
error in one of the two shows as a difference.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from claims.management.simulation.season import Step
from claims.management.simulation.stages import DAY, HOUR, Clock

ROME = ZoneInfo("Europe/Rome")
_BEFORE = ("received", "action_required", "under_review")
_APPEALING = ("appeal_under_review", "appeal_action_required")
_ENDED = ("decided", "closed")
_ASKED = ("response", "appeal", "appeal_information")


@dataclass
class Letter:
    kind: str
    noticed_at: datetime
    door: str
    clock: Clock | None = None


@dataclass
class Life:
    """One claim as it should be. `beat_after` is the first beat at or after a moment."""

    interval: timedelta
    origin: datetime
    state: str = ""
    decided_at: datetime | None = None
    of_appeal: bool = False
    gave_up: bool = False
    unheard: bool = False
    clocks: list[Clock] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    replies: list[tuple[str, list[Clock]]] = field(default_factory=list)

    def take(self, step: Step) -> None:
        """An accepted step."""
        self.pass_until(step.at)
        if step.noticed_at is not None:
            self._letter(step, step.noticed_at)
        else:
            self._act(step)

    def pass_until(self, now: datetime) -> None:
        """A lost claim is closed a week after its appeal clock, by the first beat then."""
        waiting = self._owed("appeal")
        if self.state != "decided" or not waiting:
            return
        beat = self._beat_after(min(clock.due_at for clock in waiting) + 7 * DAY)
        if beat < now:
            self._end("appeal_lapsed", beat)
            self.state = "closed"

    def _beat_after(self, moment: datetime) -> datetime:
        return self.origin + -((self.origin - moment) // self.interval) * self.interval

    def _owed(self, *kinds: str) -> list[Clock]:
        return [c for c in self.clocks if not c.settled and (not kinds or c.kind in kinds)]

    def _end(self, reason: str, now: datetime, *kinds: str) -> None:
        for clock in self._owed(*kinds):
            clock.end(reason, now)

    def _open(
        self, letter: Letter | None, kind: str, noticed_at: datetime, hours: int, now: datetime
    ) -> Clock:
        if kind == "appeal":
            day = noticed_at.astimezone(ROME).date() + timedelta(days=30)
            due_at = datetime.combine(day, time.min, tzinfo=ROME).astimezone(noticed_at.tzinfo)
        else:
            due_at = noticed_at + (hours or 48) * HOUR
        target_at = due_at if kind in ("appeal", "preparation") else min(due_at, noticed_at + 48 * HOUR)
        clock = Clock(kind, noticed_at, now, due_at, target_at)
        self.clocks.append(clock)
        if letter is not None:
            letter.clock = clock
        clock.run(now)
        return clock

    def _letter(self, step: Step, noticed_at: datetime) -> None:
        for first in self.letters:
            near = abs(first.noticed_at - noticed_at) <= HOUR
            if near and first.kind == step.act and first.door != step.door:
                return self._copy(first, step, noticed_at)
        letter = Letter(step.act, noticed_at, step.door)
        self.letters.append(letter)
        newer = self.decided_at is None or noticed_at > self.decided_at
        kind = step.act
        if self.state in _APPEALING:
            kind = {"information_requested": "appeal_information_requested"}.get(kind, kind)
            kind = {"claim_decided": "appeal_decided"}.get(kind, kind)
        if self.state in _BEFORE and kind == "appeal_information_requested":
            kind = "information_requested"
        match kind:
            case "claim_received":
                self._received(letter, newer, step.at)
            case "information_requested":
                self._requested(letter, newer, step)
            case "appeal_information_requested":
                self._requested_in_appeal(letter, newer, step)
            case "claim_decided" | "appeal_decided" | "claim_withdrawn":
                self._told_decision(letter, kind, newer, step)
        return None

    def _copy(self, first: Letter, step: Step, noticed_at: datetime) -> None:
        clock = first.clock
        if clock is None or clock.settled or clock.kind not in ("response", "appeal_information"):
            return
        due_at = noticed_at + (step.hours or 48) * HOUR
        if due_at < clock.due_at:
            clock.set_due(due_at, step.at)

    def _again(self, now: datetime) -> None:
        self._end("reopened", now)
        self.decided_at, self.of_appeal, self.gave_up = None, False, False

    def _received(self, letter: Letter, newer: bool, now: datetime) -> None:
        if self.state in _ENDED and newer:
            self._again(now)
            self.state = ""
        if not self.state:
            self.state = "received"
            self._open(letter, "preparation", letter.noticed_at, 48, now)

    def _requested(self, letter: Letter, newer: bool, step: Step) -> None:
        if self.state in _ENDED and not newer:
            self._open(letter, "response", letter.noticed_at, step.hours, step.at)
            return self._overtaken(letter)
        if self.state in _ENDED:
            self._again(step.at)
        self._end("request_arrived", step.at, "preparation")
        self.state = "action_required"
        self._open(letter, "response", letter.noticed_at, step.hours, step.at)
        return None

    def _requested_in_appeal(self, letter: Letter, newer: bool, step: Step) -> None:
        if self.state in _ENDED and self.of_appeal and not newer:
            self._open(letter, "appeal_information", letter.noticed_at, step.hours, step.at)
            return self._overtaken(letter)
        self.unheard |= not self.state
        if self.state in _ENDED:
            self._appeal_was_made(step.at)
        self.state = "appeal_action_required"
        self._open(letter, "appeal_information", letter.noticed_at, step.hours, step.at)
        return None

    def _overtaken(self, letter: Letter) -> None:
        assert letter.clock is not None
        letter.clock.settle("cancelled", "settled_before_arrival", letter.clock.created_at)

    def _appeal_was_made(self, now: datetime) -> None:
        ended = ("closed", "conceded", "appeal_lapsed")
        for clock in self.clocks:
            revived = clock.noticed_at == self.decided_at and clock.reason in ended
            if clock.kind == "appeal" and (not clock.settled or revived):
                clock.settle("met", "appeal_made_outside", now)

    def _told_decision(self, letter: Letter, kind: str, newer: bool, step: Step) -> None:
        in_appeal = kind == "appeal_decided"
        if self.state in _ENDED and not newer and (kind == "claim_decided" or (in_appeal and self.of_appeal)):
            return
        self.unheard |= not self.state and kind != "claim_withdrawn"
        if in_appeal and self.state in _ENDED:
            self._appeal_was_made(step.at)
        self._decide(letter, letter.noticed_at, in_appeal, kind == "claim_decided", step)
        self.state = "closed" if kind == "claim_withdrawn" else "decided"

    def _decide(
        self, letter: Letter | None, decided_at: datetime, of_appeal: bool, may_appeal: bool, step: Step
    ) -> None:
        self._end("decided", step.at)
        self.decided_at, self.of_appeal = decided_at, of_appeal
        self.state = "decided"
        if may_appeal and step.decision == "granted" and step.funded_by in ("seller", "unknown"):
            self._open(letter, "appeal", decided_at, 0, step.at)

    def _act(self, step: Step) -> None:
        now = step.at
        match step.act:
            case "answer":
                in_appeal = self.state == "appeal_action_required"
                kind = "appeal_information" if in_appeal else "response"
                self._meet(kind, now - step.ago, now)
                if not self._owed(kind):
                    self.state = "appeal_under_review" if in_appeal else "under_review"
                    self.gave_up = False
            case "appeal":
                self._meet("appeal", now, now)
                self.state, self.gave_up = "appeal_under_review", False
            case "retract":
                kind, clocks = self.replies.pop()
                back = {"response": "action_required", "appeal": "decided"}
                self.state = back.get(kind, "appeal_action_required")
                for clock in clocks:
                    clock.again(now)
            case "concede":
                self._end("conceded", now)
                after = {"action_required": "under_review", "appeal_action_required": "appeal_under_review"}
                self.state, self.gave_up = after.get(self.state, "closed"), True
            case "close":
                self._end("closed", now)
                self.state = "closed"
            case "reopen":
                self._reopen(now)
            case "record_decision":
                of_appeal = self.state in _APPEALING or self.of_appeal
                self._decide(None, now, of_appeal, not of_appeal, step)
            case "move":
                self._nearest().set_due(now + step.hours * HOUR, now)
            case "cancel":
                self._nearest().settle("cancelled", "by hand", now)

    def _meet(self, kind: str, at: datetime, now: datetime) -> None:
        met = [c for c in self._owed(kind) if min(c.noticed_at, c.created_at) <= at]
        for clock in met:
            clock.settle("met" if at <= clock.due_at else "missed", "answered", now)
        self.replies.append((kind, met))

    def _reopen(self, now: datetime) -> None:
        back = {"under_review": "action_required", "appeal_under_review": "appeal_action_required"}
        taken_back = back.get(self.state) if self.gave_up else None
        for clock in self.clocks:
            if taken_back is not None:
                revived = clock.reason == "conceded" and clock.kind != "appeal"
            else:
                given_up = clock.reason in ("closed", "conceded") and clock.status == "cancelled"
                revived = (
                    clock.kind == "appeal" and given_up and clock.noticed_at == self.decided_at
                    and clock.due_at > now
                )  # fmt: skip
            if revived:
                clock.again(now)
        self.state, self.gave_up = taken_back or "decided", False

    def _nearest(self) -> Clock:
        return min(self._owed(*_ASKED), key=lambda clock: (clock.target_at, clock.due_at))
