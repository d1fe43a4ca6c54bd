"""Getting warnings out: lease a batch, read the state again, send, mark. At least once, with a stable id.

A worker that dies between sending and marking leaves leases that run out; the next one sends again under the
same id, so that a receiver can drop the repeat. Nothing is sent inside a transaction.

Every channel has a lane of its own beside that of the mailboxes: what hangs holds up nothing but itself. Lanes
only talk to other people's servers; the database is this thread's alone.
"""

import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import InterfaceError, OperationalError, connection

from accounts.models import WarningChannel
from claims.channels.sending import NOT_TRIED, Outcome, Outgoing, Permanent, Retry
from claims.services import leases, warning_mail
from claims.services.channel_sending import note_outcomes, outcomes_of, tell_owners_of_ended_channels
from claims.services.leases import Lease
from claims.services.marking import Batch, mark
from claims.services.warning_messages import Prepared, prepared

logger = logging.getLogger(__name__)

#: So many are taken at once: the most that a receiver sees twice when a worker dies.
BATCH = 100
MAIL_BATCH = 20
#: So many channels are used at once by one worker.
LANES = 8
_LOOK_AGAIN_SECONDS = 0.2
_DATABASE_AGAIN_SECONDS = 0.5

Now = Callable[[], datetime]


@dataclass
class Delivered:
    """What one round got out."""

    sent: int = 0
    failed: int = 0
    void: int = 0


@dataclass
class Lane:
    """A batch on its way by one channel (None: to mailboxes). Without leases the mail server is being called."""

    channel: WarningChannel | None
    begun_at: datetime
    held: dict[int, Lease] = field(default_factory=dict)
    batch: list[Prepared] = field(default_factory=list)
    renewed_at: float = field(default_factory=time.monotonic)


def deliver_due(*, now: Now, budget: timedelta = timedelta(seconds=10)) -> Delivered:
    """Send what is due until nothing is left or the time budget is used up.

    `now` is asked anew for every batch: sending takes time.
    """
    mail = get_connection()
    try:
        with ThreadPoolExecutor(LANES + 1, "lane") as pool:
            work = Round(now, budget, mail, pool)
            work.run()
        if not work.mail_is_down:
            tell_owners_of_ended_channels(mail=mail, now=now())
    finally:
        warning_mail.close(mail)
    return work.done


class Round:
    """One worker's round: what is due is taken lane by lane, each lane's next batch when its last one is marked."""

    def __init__(self, now: Now, budget: timedelta, mail: BaseEmailBackend, pool: ThreadPoolExecutor) -> None:
        self.done = Delivered()
        self.mail_is_down = False
        self._now = now
        self._ends_at = now() + budget
        self._mail = mail
        self._mail_is_open = False
        self._look_again = False
        self._pool = pool
        self._running: dict[Future[list[Outcome]], Lane] = {}
        self._down: set[int] = set()

    def run(self) -> None:
        """A database that is away is waited for: what was sent must be marked, or it would be sent again."""
        lost_at: float | None = None
        while True:
            try:
                if not self._turn():
                    return
                lost_at = None
            except (OperationalError, InterfaceError) as error:
                lost_at = lost_at or time.monotonic()
                if not self._running or time.monotonic() - lost_at > leases.lease_seconds():
                    raise
                logger.warning("The database is away; what was sent is marked when it is back: %s", error)
                if not connection.is_usable():
                    connection.close()
                time.sleep(_DATABASE_AGAIN_SECONDS)

    def _turn(self) -> bool:
        """Begin what can begin, mark what has ended; False where there is nothing left to do."""
        self._look_again = False
        moment = self._now()
        # while a lane of the round's time still hangs, this worker goes on with the others
        if moment < self._ends_at or any(lane.begun_at < self._ends_at for lane in self._running.values()):
            self._begin_mails(moment)
            self._begin_channels(moment)
        if not self._running:
            return self._look_again
        finished, _ = wait(self._running, timeout=_LOOK_AGAIN_SECONDS, return_when=FIRST_COMPLETED)
        for future in finished:
            lane = self._running[future]
            self._end(lane, _outcomes_of(future, lane))
            del self._running[future]
        self._keep_leases()
        return True

    def _begin_mails(self, now: datetime) -> None:
        """The server is called before anything is taken: calling can take long, and meanwhile claims are answered."""
        if self.mail_is_down or any(lane.channel is None for lane in self._running.values()):
            return
        if not leases.mails_are_due(now=now):
            return
        if not self._mail_is_open:
            self._running[self._pool.submit(_called, self._mail)] = Lane(None, now)
            return
        lane = self._taken(None, now=now)
        if lane is not None:
            addressed = [(p.delivery.recipient, m) for p, m in _to_send(lane)]
            self._running[self._pool.submit(warning_mail.send_mails, addressed, self._mail)] = lane

    def _begin_channels(self, now: datetime) -> None:
        busy = {lane.channel.pk for lane in self._running.values() if lane.channel is not None}
        free = LANES - len(busy)
        if free < 1:
            return
        for target_id in leases.due_channels(now=now, without=busy | self._down, most=free):
            lane = self._taken(target_id, now=now)
            if lane is not None and lane.channel is not None:
                messages = [message for _, message in _to_send(lane)]
                self._running[self._pool.submit(_by_channel, lane.channel, messages, now)] = lane

    def _taken(self, target_id: int | None, *, now: datetime) -> Lane | None:
        """A batch that has something to send; what has not is marked at once."""
        held = leases.take(target_id=target_id, now=now, most=MAIL_BATCH if target_id is None else BATCH)
        if not held:
            return None
        batch = prepared([lease.delivery_id for lease in held], now=now)
        if not batch:
            return None
        lane = Lane(batch[0].delivery.target, now, {lease.delivery_id: lease for lease in held}, batch)
        if _to_send(lane):
            return lane
        self._mark(lane, [], now=self._now())
        self._look_again = True  # there may be more behind it, and whom it was passed on to
        return None

    def _end(self, lane: Lane, outcomes: list[Outcome]) -> None:
        now = self._now()
        if lane.channel is None and not lane.batch:
            self._mail_is_open = not outcomes
            if outcomes:
                self._end_mails(outcomes[0], now=now)
            return
        if lane.channel is not None:
            note_outcomes(channel=lane.channel, outcomes=outcomes, now=now)
        if any(isinstance(each, Retry) and each.is_down for each in outcomes):
            if lane.channel is None:
                self.mail_is_down = True
            else:
                self._down.add(lane.channel.pk)
        self._mark(lane, outcomes, now=now)

    def _end_mails(self, trouble: Outcome, *, now: datetime) -> None:
        """The server cannot be called: one mail keeps the trouble, the others keep their turn."""
        self.mail_is_down = True
        lane = self._taken(None, now=now)
        if lane is not None:
            self._mark(lane, [trouble, *[NOT_TRIED] * (len(_to_send(lane)) - 1)], now=now)

    def _mark(self, lane: Lane, outcomes: Sequence[Outcome], *, now: datetime) -> None:
        tried = list(zip((p for p, _ in _to_send(lane)), outcomes, strict=True))
        unsendable = [(p, p.message) for p in lane.batch if p.needed and isinstance(p.message, Permanent)]
        batch = Batch(
            lane.channel.pk if lane.channel is not None else None,
            lane.held,
            [*tried, *unsendable],
            [p for p in lane.batch if not p.needed],
        )
        marked = mark(batch, now=now)
        self.done.sent += marked.sent
        self.done.failed += marked.failed
        self.done.void += marked.void

    def _keep_leases(self) -> None:
        """A server that is slow to answer must not have its batch sent a second time by another worker."""
        for lane in self._running.values():
            if lane.held and time.monotonic() - lane.renewed_at > leases.lease_seconds() / 3:
                lane.renewed_at = time.monotonic()
                leases.renew(list(lane.held.values()), now=self._now())


def _to_send(lane: Lane) -> list[tuple[Prepared, Outgoing]]:
    return [(p, p.message) for p in lane.batch if p.needed and isinstance(p.message, Outgoing)]


def _outcomes_of(future: Future[list[Outcome]], lane: Lane) -> list[Outcome]:
    """What a sender raises against its promise is the trouble of its own lane, and of no other."""
    error = future.exception()
    if error is None:
        return future.result()
    logger.error("A lane came to an end of its own.", exc_info=error)
    if not isinstance(error, Exception):
        raise error
    trouble = Retry(f"{type(error).__name__}: {error}"[:500], is_down=True)
    return [trouble] * max(len(_to_send(lane)), 1)


def _called(mail: BaseEmailBackend) -> list[Outcome]:
    trouble = warning_mail.opened(mail)
    return [] if trouble is None else [trouble]


def _by_channel(channel: WarningChannel, messages: Sequence[Outgoing], now: datetime) -> list[Outcome]:
    """With a connection of its own to the mail server, which only a channel that is a mailbox opens."""
    mail = get_connection()
    try:
        return outcomes_of(channel=channel, messages=messages, mail=mail, now=now)
    finally:
        warning_mail.close(mail)
