"""Saying a stage again while nobody has acknowledged it: a new round of the same warning, never a new warning.

A round that has reached nobody yet is not repeated, it is still being sent: after an outage one mail a stage
goes out, not one a quarter of an hour.
"""

from datetime import datetime

from django.db.models import F

from claims.ladder import REPEAT_EVERY, REPEATS_AT_MOST
from claims.models import Delivery, Warning
from claims.selectors.ladders import ladders, steps_of
from claims.services.batches import work_through
from claims.services.outbox import Dispatch, addresses_of, held_back, may_still_warn, send_out, withdraw
from claims.services.recipients import recipients_of, teams

_ON_ITS_WAY = (Delivery.Status.PENDING, Delivery.Status.SENDING)


def repeat_unacknowledged(*, now: datetime) -> int:
    """Begin the rounds whose moment has come; returns how many."""
    begun: list[int] = []

    def due(most: int, pk: int | None = None) -> list[Warning]:
        rows = Warning.objects.select_for_update(skip_locked=True, no_key=True).filter(next_round_at__lte=now)
        one = rows if pk is None else rows.filter(pk=pk)
        ids = list(one.order_by("next_round_at").values_list("pk", flat=True)[:most])
        if not ids:  # as in nearly every round
            return []
        return list(Warning.objects.filter(pk__in=ids).select_related("claim", "deadline").order_by("pk"))

    def work(rows: list[Warning]) -> None:
        waiting = _reached_nobody_yet(rows)
        again = []
        for warning in rows:
            over = warning.acknowledged_at is not None or not may_still_warn(warning)
            warning.next_round_at = None if over else now + REPEAT_EVERY
            if not over and warning.pk not in waiting:
                again.append(warning)
        _begin(again, now=now)
        Warning.objects.bulk_update(rows, ["rounds", "next_round_at"])
        begun.extend(w.pk for w in again)

    def set_aside(pk: int, error: Exception) -> None:
        Warning.objects.filter(pk=pk, next_round_at__lte=now).update(next_round_at=now + REPEAT_EVERY)

    work_through(due, work, set_aside)
    return len(begun)


def _reached_nobody_yet(rows: list[Warning]) -> set[int]:
    """Those whose last round is on its way to somebody and has come to nobody."""
    outgoing = Delivery.objects.filter(warning__in=rows, round=F("warning__rounds")).exclude(
        channel=Delivery.Channel.IN_APP
    )
    status: dict[int, set[str]] = {}
    for warning_id, each in outgoing.values_list("warning_id", "status"):
        status.setdefault(warning_id, set()).add(each)
    return {
        pk for pk, found in status.items() if Delivery.Status.SENT not in found and found & set(_ON_ITS_WAY)
    }


def _begin(warnings: list[Warning], *, now: datetime) -> None:
    """Round by round; what an earlier one has still to send is taken back, the new one says it better."""
    if not warnings:
        return
    withdraw(w.pk for w in warnings)
    seller_ids = {w.seller_id for w in warnings}
    team_of, own = teams(seller_ids, now=now), ladders(seller_ids)
    dispatches = []
    for warning in warnings:
        warning.rounds += 1
        if warning.rounds > REPEATS_AT_MOST:
            warning.next_round_at = None
        team = team_of[warning.seller_id]
        steps = steps_of(warning.deadline, own) if warning.deadline is not None else ()
        people = recipients_of(team, warning.audience, warning.claim.assignee_id if warning.claim else None)
        to = addresses_of(people, team=team, audience=warning.audience, kinds=warning.channels)
        later = held_back(to, team=team, steps=steps, stage=warning.stage, now=now)
        dispatches.append(Dispatch(warning.pk, warning.created_at, warning.rounds, to, later))
    send_out(dispatches, now=now)
