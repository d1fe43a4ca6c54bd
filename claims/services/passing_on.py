"""What a failed delivery means for its warning: the operator hears where nobody else was or can be reached.

Mails and channels count alike. What is only shown in the application reaches nobody who does not look.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from claims.models import Delivery, Warning
from claims.services.outbox import Dispatch, addresses_of, send_out
from claims.services.recipients import operator

#: After so many refusals of one recipient the operator hears in his place; trying goes on.
PATIENCE = 12
#: Nothing that was tried waits longer than this for its next attempt; what does is held by quiet hours.
LONGEST_WAIT = timedelta(minutes=15)
_ON_ITS_WAY = (Delivery.Status.PENDING, Delivery.Status.SENDING)


@dataclass(frozen=True)
class _Row:
    warning_id: int
    round: int
    recipient: str
    status: str
    attempts: int
    next_attempt_at: datetime | None

    @property
    def on_its_way(self) -> bool:
        return self.status in _ON_ITS_WAY

    def reaches(self, now: datetime) -> bool:
        """It has got there, or it soon may."""
        held = self.next_attempt_at is not None and self.next_attempt_at > now + LONGEST_WAIT
        return self.status == Delivery.Status.SENT or (
            self.on_its_way and self.attempts < PATIENCE and not held
        )


def mark_reached(delivery_ids: Collection[int]) -> None:
    """Somebody has heard these warnings; in the caller's transaction."""
    _mark(delivery_ids, Warning.Status.SENT, of=[Warning.Status.PENDING, Warning.Status.FAILED])


def mark_void(delivery_ids: Collection[int]) -> None:
    """Nobody needs to hear these warnings any more; in the caller's transaction."""
    _mark(delivery_ids, Warning.Status.VOID, of=[Warning.Status.PENDING])


def _mark(delivery_ids: Collection[int], status: Warning.Status, *, of: Sequence[Warning.Status]) -> None:
    """The rows are locked in one order: two workers that meet at the same warnings do not block each other."""
    if not delivery_ids:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_warning SET status = %(status)s
             WHERE id = ANY (ARRAY (SELECT id FROM claims_warning
                                     WHERE id = ANY (ARRAY (SELECT warning_id FROM claims_delivery
                                                             WHERE id = ANY (%(deliveries)s)))
                                       AND status = ANY (%(of)s)
                                     ORDER BY id FOR NO KEY UPDATE))
            """,
            {"status": status.value, "deliveries": list(delivery_ids), "of": [each.value for each in of]},
        )


def pass_on(failed: Iterable[tuple[int, int]], *, now: datetime) -> None:
    """`failed` are (warning, round). If not even the operator was reached, the warning has failed.

    In the caller's transaction.
    """
    rounds = set(failed)
    if not rounds:
        return
    warnings = {
        warning.pk: warning
        for warning in Warning.objects.select_for_update(no_key=True)
        .filter(pk__in={warning_id for warning_id, _ in rounds})
        .order_by("pk")
    }
    rows: dict[int, list[_Row]] = {pk: [] for pk in warnings}
    outgoing = Delivery.objects.filter(warning__in=warnings).exclude(channel=Delivery.Channel.IN_APP)
    for found in outgoing.values_list(
        "warning_id", "round", "recipient", "status", "attempts", "next_attempt_at"
    ):
        rows[found[0]].append(_Row(*found))
    for warning_id, number in sorted(rounds):
        _pass_on(warnings[warning_id], number, rows[warning_id], now=now)


def _pass_on(warning: Warning, number: int, rows: list[_Row], *, now: datetime) -> None:
    of_round = [row for row in rows if row.round == number]
    if any(row.reaches(now) for row in of_round):
        return
    if all(row.recipient != operator().email for row in of_round):
        dispatch = Dispatch(warning.pk, warning.created_at, number, addresses_of([operator()]), [None])
        send_out([dispatch], now=now)
    elif not any(row.status == Delivery.Status.SENT or row.on_its_way for row in rows):
        Warning.objects.filter(pk=warning.pk, status=Warning.Status.PENDING).update(
            status=Warning.Status.FAILED
        )
