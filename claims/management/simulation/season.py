"""The season: what happens to each claim and when, made from a seed before anything runs.

Letters come late, twice, out of order and by two doors; agents answer at random moments, also late, and take it
back. Whether the product takes a step is not decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

#: Across the end of winter time in Europe.
ORIGIN = datetime(2026, 3, 2, tzinfo=UTC)
MARKETPLACE = "APJ6JRA9NG5V4"
DOORS = ("integration:1", "mailbox:simulation")
SELLERS = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that comes to claim `number` at `at`: a letter (`noticed_at` is set) or an agent's act.

    `hours`: the window that a request states, or how far from now an agent sets a clock.
    """

    number: int
    at: datetime
    act: str
    noticed_at: datetime | None = None
    notice_id: str = ""
    door: str = DOORS[0]
    hours: int = 0
    decision: str = ""
    funded_by: str = ""
    ago: timedelta = timedelta(0)
    repeats: bool = False
    conflicts: bool = False


def order_id(number: int) -> str:
    return f"{100 + number % 900:03d}-{number:07d}-{number * 7919 % 10_000_000:07d}"


def number_of(order: str) -> int:
    return int(order.split("-")[1])


def season(*, claims: int, days: int, seed: int) -> list[Step]:
    """Every step of every claim within the days, in their order."""
    ends_at = ORIGIN + timedelta(days=days)
    steps = [
        step
        for number in range(claims)
        for step in Story(number, Random(f"{seed}/{number}"), days).told()  # noqa: S311
        if step.at < ends_at
    ]
    return sorted(steps, key=lambda step: (step.at, step.number))


@dataclass
class Story:
    """The life of one claim."""

    number: int
    chance: Random
    days: int
    steps: list[Step] = field(default_factory=list)
    letters: int = 0

    def told(self) -> Iterator[Step]:
        at = ORIGIN + timedelta(seconds=self.chance.randrange(self.days * 86_400))
        at = self._beginning(at)
        if self._happens(0.08):
            self._letter("claim_withdrawn", at + self._hours(1, 90))
        if self._happens(0.85):
            self._decision("claim_decided", at + self._hours(50, 140))
        yield from self.steps

    def _beginning(self, at: datetime) -> datetime:
        if self._happens(0.55):
            self._letter("claim_received", at)
            at += self._hours(3, 60)
        if self._happens(0.9):
            self._request("information_requested", at)
            if self._happens(0.15):
                at += self._hours(3, 60)
                self._request("information_requested", at)
        return at

    def _request(self, kind: str, at: datetime) -> None:
        self._letter(kind, at, hours=self.chance.choice((0, 0, 0, 24, 72)))
        if self._happens(0.2):
            self._act("acknowledge", at + self._hours(1, 47))
        if self._happens(0.05):
            self._act("move", at + self._hours(1, 60), hours=self.chance.choice((2, 20, 30, 70)))
        if self._happens(0.03):
            self._act("cancel", at + self._hours(1, 46))
        if self._happens(0.06):
            self._act("concede", at + self._hours(2, 60))
            if self._happens(0.3):
                self._act("reopen", at + self._hours(30, 70))
        if self._happens(0.82):
            answered_at = at + (self._hours(1, 46) if self._happens(0.85) else self._hours(46, 80))
            self._answer(answered_at)

    def _answer(self, at: datetime) -> None:
        ago = timedelta(minutes=self.chance.randrange(60)) if self._happens(0.2) else timedelta(0)
        self._act("answer", at, ago=ago)
        if self._happens(0.06):
            again = at + self._hours(1, 30)
            self._act("retract", again)
            if self._happens(0.7):
                self._act("answer", again + self._hours(1, 20))

    def _decision(self, kind: str, at: datetime) -> None:
        lost = self._happens(0.45)
        decision = "granted" if lost else "denied"
        funded_by = self.chance.choice(("seller", "seller", "unknown", "amazon")) if lost else "none"
        act = kind if kind == "appeal_decided" or self._happens(0.9) else "record_decision"
        if act == kind:
            self._letter(kind, at, decision=decision, funded_by=funded_by)
        else:
            self._act(act, at, decision=decision, funded_by=funded_by)
        if kind == "appeal_decided":
            return
        if self._happens(0.03):
            self._letter("claim_received", at + self._hours(5, 300))
        if self._happens(0.12):
            self._act("close", at + self._hours(5, 500))
            if self._happens(0.3):
                self._act("reopen", at + self._hours(20, 600))
        if lost and self._happens(0.4):
            self._appeal(at)

    def _appeal(self, at: datetime) -> None:
        at += self._hours(5, 800)
        self._act("appeal", at)
        if self._happens(0.05):
            self._act("retract", at + self._hours(1, 30))
        if self._happens(0.4):
            at += self._hours(10, 200)
            self._request("appeal_information_requested", at)
        if self._happens(0.7):
            self._decision("appeal_decided", at + self._hours(60, 200))

    def _letter(
        self, kind: str, noticed_at: datetime, *, hours: int = 0, decision: str = "", funded_by: str = ""
    ) -> None:
        self.letters += 1
        late = self._hours(1, 36) if self._happens(0.08) else timedelta(0)
        letter = Step(
            self.number, noticed_at + late + self._minutes(1, 20), kind, noticed_at,
            f"{self.number}-{self.letters}", hours=hours, decision=decision, funded_by=funded_by,
        )  # fmt: skip
        self.steps.append(letter)
        if self._happens(0.1):
            self.steps.append(replace(letter, at=letter.at + self._minutes(0, 300), repeats=True))
        if self._happens(0.01):
            other = replace(letter, hours=13, conflicts=True, repeats=True)
            self.steps.append(replace(other, at=letter.at + self._minutes(1, 300)))
        if self._happens(0.1):
            told_at = noticed_at + timedelta(minutes=self.chance.randrange(-25, 40))
            copy = replace(letter, noticed_at=told_at, door=DOORS[1], at=told_at + self._minutes(1, 200))
            self.steps.append(copy)

    def _act(
        self,
        act: str,
        at: datetime,
        *,
        hours: int = 0,
        decision: str = "",
        funded_by: str = "",
        ago: timedelta = timedelta(0),
    ) -> None:
        self.steps.append(
            Step(self.number, at, act, hours=hours, decision=decision, funded_by=funded_by, ago=ago)
        )

    def _happens(self, probability: float) -> bool:
        return self.chance.random() < probability

    def _hours(self, least: int, most: int) -> timedelta:
        return timedelta(seconds=self.chance.randrange(least * 3600, most * 3600))

    def _minutes(self, least: int, most: int) -> timedelta:
        return timedelta(seconds=self.chance.randrange(least * 60, most * 60 + 1))
