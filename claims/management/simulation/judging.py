"""Holding what is in the database and in the sink against the oracle, claim by claim."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from django.db import connection

from claims.management.simulation.oracle import Life
from claims.management.simulation.running import Plan, Played
from claims.management.simulation.season import ORIGIN, Step, number_of
from claims.management.simulation.stages import Clock, Expected, beat_of, expected
from claims.models import Claim, Deadline, Delivery, Warning

_CHUNK = 2_000
_KEPT = 20
_TRAIL = """
SELECT count(*) FROM claims_claim c WHERE c.id = ANY (%s) AND (
       NOT EXISTS (SELECT FROM claims_event e WHERE e.claim_id = c.id AND e.verb = 'claim_opened')
    OR EXISTS (SELECT FROM (SELECT facts->>'state' AS state, facts->>'state_before' AS before,
                                   lag(facts->>'state') OVER (ORDER BY id) AS told, row_number() OVER (ORDER BY id)
                              FROM claims_event e WHERE e.claim_id = c.id AND facts ? 'state') told
                WHERE told.before IS DISTINCT FROM told.told)
    OR c.state IS DISTINCT FROM (SELECT facts->>'state' FROM claims_event e
                                  WHERE e.claim_id = c.id AND facts ? 'state' ORDER BY id DESC LIMIT 1))
"""


@dataclass
class Report:
    """The figures of a season. The first four of the faults must be 0."""

    expected: int = 0
    sent: int = 0
    missed: int = 0
    duplicates: int = 0
    after_answer: int = 0
    unexpected: int = 0
    late: int = 0
    put_off: int = 0
    latest: timedelta = timedelta(0)
    allowed_repeats: int = 0
    clocks: int = 0
    clocks_that_disagree: int = 0
    claims: int = 0
    claims_that_disagree: int = 0
    without_trail: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.missed or self.duplicates or self.after_answer)

    def note(self, what: str) -> None:
        if len(self.examples) < _KEPT:
            self.examples.append(what)


@dataclass
class Judge:
    """Reads everything once, in chunks of claims."""

    plan: Plan
    played: Played
    report: Report = field(default_factory=Report)

    def judge(self) -> Report:
        posts: dict[str, list[int]] = defaultdict(list)
        for name, beat in self.played.posts:
            posts[name].append(beat)
        self._count_repeats(posts)
        steps = _by_claim(self.played.accepted)
        claims = Claim.objects.order_by("pk").values_list("pk", "order_id", "state").iterator(_CHUNK)
        while chunk := list(islice(claims, _CHUNK)):
            self._chunk(chunk, steps, posts)
        self.report.missed += len(steps)  # claims that should be there and are not
        return self.report

    def _count_repeats(self, posts: dict[str, list[int]]) -> None:
        for name, beats in posts.items():
            allowed = name in self.played.repeatable
            self.report.allowed_repeats += (len(beats) - 1) if allowed else 0
            self.report.duplicates += 0 if allowed else len(beats) - 1
            if len(beats) > 1 and not allowed:
                self.report.note(f"{name} was sent at beats {beats}")

    def _chunk(
        self, chunk: list[tuple[int, str, str]], steps: dict[int, list[Step]], posts: dict[str, list[int]]
    ) -> None:
        ids = [pk for pk, _, _ in chunk]
        deadlines: dict[int, list[Deadline]] = defaultdict(list)
        for deadline in Deadline.objects.filter(claim__in=ids).order_by("pk"):
            deadlines[deadline.claim_id or 0].append(deadline)
        warnings: dict[int, list[Warning]] = defaultdict(list)
        for warning in Warning.objects.filter(claim__in=ids).order_by("pk"):
            warnings[warning.claim_id or 0].append(warning)
        sent_at = self._sent(ids, posts)
        for pk, order, state in chunk:
            life = Life(self.plan.interval, ORIGIN)
            for step in steps.pop(number_of(order), []):
                life.take(step)
            life.pass_until(ORIGIN + (self.played.last_beat + 1) * self.plan.interval)
            self.report.claims += 1
            if life.state != state:
                self.report.claims_that_disagree += 1
                self.report.note(f"claim {pk} ({order}) is {state}, should be {life.state}")
            self._claim(pk, life, deadlines[pk], warnings[pk], sent_at)
        with connection.cursor() as cursor:
            cursor.execute(_TRAIL, [ids])
            self.report.without_trail += cursor.fetchone()[0]

    def _sent(self, ids: list[int], posts: dict[str, list[int]]) -> dict[int, list[int]]:
        """Beats at which something of a warning got out; a delivery that only claims so is lost."""
        sent: dict[int, list[int]] = defaultdict(list)
        rows = Delivery.objects.filter(warning__claim__in=ids).exclude(channel=Delivery.Channel.IN_APP)
        for warning_id, status, name in rows.values_list("warning_id", "status", "message_id").iterator():
            sent[warning_id] += posts.get(name, [])
            if status == Delivery.Status.SENT and name not in posts:
                self.report.missed += 1
                self.report.note(f"{name} is marked as sent and never came")
        return sent

    def _claim(
        self,
        pk: int,
        life: Life,
        deadlines: list[Deadline],
        warnings: list[Warning],
        sent_at: dict[int, list[int]],
    ) -> None:
        self.report.clocks += len(life.clocks)
        by_deadline: dict[int, list[Warning]] = defaultdict(list)
        for warning in warnings:
            by_deadline[warning.deadline_id or 0].append(warning)
        if life.unheard:
            self.report.expected += 1
            told = [w for w in by_deadline[0] if w.stage == "unheard" and sent_at[w.pk]]
            self.report.sent += len(told)
            self.report.missed += not told
        ends = ORIGIN + self.played.last_beat * self.plan.interval
        should = [_said(clock, ends) for clock in life.clocks]
        found = [
            (d.kind, d.noticed_at, d.due_at, d.target_at, d.version, d.status, d.settled) for d in deadlines
        ]
        if should != found:
            wrong = sum((Counter(should) - Counter(found)).values()) or len(found) - len(should)
            self.report.clocks_that_disagree += abs(wrong)
            self.report.note(f"claim {pk}: clocks are {found}, should be {should}")
        for clock, deadline in zip(life.clocks, deadlines, strict=False):
            self._clock(clock, deadline, by_deadline[deadline.pk], sent_at)

    def _clock(
        self, clock: Clock, deadline: Deadline, warnings: list[Warning], sent_at: dict[int, list[int]]
    ) -> None:
        wanted, overtaken = expected(
            clock, origin=ORIGIN, interval=self.plan.interval, beats=self.played.last_beat
        )
        by_stage = {(w.deadline_version, w.stage): w for w in warnings}
        self.report.expected += len(wanted)
        for each in wanted:
            warning = by_stage.pop((each.version, each.stage), None)
            beats = sent_at[warning.pk] if warning is not None else []
            self._one(each, deadline, beats)
            self._after_answer(clock, each.version, deadline, beats)
        for key, warning in by_stage.items():
            if sent_at[warning.pk] or key not in overtaken:
                self.report.unexpected += 1
                self.report.note(f"clock {deadline.pk}: {key} is {warning.status} and was not expected")
            self._after_answer(clock, warning.deadline_version, deadline, sent_at[warning.pk])

    def _after_answer(self, clock: Clock, version: int, deadline: Deadline, beats: list[int]) -> None:
        ended_at = clock.spans[version - 1].ended_at if version <= len(clock.spans) else ORIGIN
        if ended_at is None:
            return
        end = beat_of(ended_at, origin=ORIGIN, interval=self.plan.interval)
        after = [beat for beat in beats if beat >= end]
        self.report.after_answer += len(after)
        if after:
            self.report.note(f"clock {deadline.pk} v{version} ended at beat {end}, warned at {after}")

    def _one(self, each: Expected, deadline: Deadline, beats: list[int]) -> None:
        troubled = self.played.troubled
        first = min(beats, default=None)
        if first is None:
            if all(beat in troubled for beat in range(each.beat, each.until)):
                self.report.put_off += 1  # ended or overtaken before it could get out
                return
            self.report.missed += 1
            self.report.note(
                f"clock {deadline.pk} v{each.version}: {each.stage} of beat {each.beat} never came"
            )
            return
        self.report.sent += 1
        sent_at = ORIGIN + first * self.plan.interval
        self.report.latest = max(self.report.latest, sent_at - each.moment)
        if any(beat not in troubled for beat in range(each.beat, first)):
            self.report.late += 1
            self.report.note(f"clock {deadline.pk}: {each.stage} of beat {each.beat} came at beat {first}")


def _said(clock: Clock, ends: object) -> tuple[object, ...]:
    status = clock.status
    if status == "open" and clock.due_at <= ends and clock.kind != "preparation":  # type: ignore[operator]
        status = "missed"
    return (
        clock.kind, clock.noticed_at, clock.due_at, clock.target_at, clock.version, status, clock.settled
    )  # fmt: skip


def _by_claim(steps: Iterable[Step]) -> dict[int, list[Step]]:
    of: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        of[step.number].append(step)
    return of


def lines(report: Report) -> Iterator[str]:
    """The report as it is printed."""
    yield f"claims {report.claims}, clocks {report.clocks}"
    yield f"warnings expected {report.expected}, sent {report.sent}, put off to their end by faults {report.put_off}"
    yield f"missed {report.missed}"
    yield f"duplicates {report.duplicates} (repeats under the same id after a crash: {report.allowed_repeats})"
    yield f"warnings after an answer {report.after_answer}"
    yield f"late {report.late} (the latest by {report.latest})"
    yield f"not expected {report.unexpected}"
    yield f"clocks that disagree {report.clocks_that_disagree}, claims that disagree {report.claims_that_disagree}"
    yield f"claims without a whole trail of events {report.without_trail}"
    yield from (f"  {example}" for example in report.examples)
