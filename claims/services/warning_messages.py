"""Deliveries as messages, a whole batch in a few queries: the same words for mailboxes, chats and programs.

The state is read here, at the moment of sending; an answered claim never nags. Nothing is sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from accounts.currencies import printed
from claims.channels.sending import Outgoing, Permanent
from claims.models import Bundle, Delivery, Reply
from claims.services.outbox import may_still_warn
from claims.warning_text import WarningFacts, body_of, subject_of
from claims.words import ReplyStatus

#: What impossible contents can raise while they are put into words.
UNSPEAKABLE = (LookupError, ValueError, TypeError, ArithmeticError)
SWITCHED_OFF = Permanent("The channel is switched off.")

#: What a message says of a delivery, and of all that it leads to: letters and claims have much that is not said.
_SAID = ("recipient", "round", "message_id", "last_error", "target")
_SPOKEN_OF = {
    "user": ("time_zone",),
    "warning": ("stage", "status", "created_at", "acknowledged_at", "deadline_version"),
    "warning__seller": ("merchant_token", "time_zone"),
    "warning__claim": ("order_id", "amazon_claim_id", "amount", "currency", "missing"),
    "warning__claim__assignee": ("username",),
    "warning__deadline": ("kind", "version", "settled", "target_at", "due_at", "previous_due_at"),
    "warning__deadline__notice": ("order_id", "subject"),
}

Documents = Mapping[int, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Prepared:
    """A delivery with its message, or with the reason why it will never be sent. `needed`: it still warns."""

    delivery: Delivery
    message: Outgoing | Permanent
    needed: bool = True


def prepared(delivery_ids: Sequence[int], *, now: datetime) -> list[Prepared]:
    """In the order given, as things are now; without those that are gone."""
    found = (
        Delivery.objects.select_related(*_SPOKEN_OF)
        .only(*_SAID, *(f"{path}__{name}" for path, names in _SPOKEN_OF.items() for name in names))
        .prefetch_related("target__seller")  # the same one for a whole batch
        .in_bulk(delivery_ids)
    )
    rows = [found[pk] for pk in delivery_ids if pk in found]
    documents = _documents({row.warning.claim_id for row in rows if row.warning.claim_id is not None})
    return [_prepared(row, documents, now) for row in rows]


def _prepared(row: Delivery, documents: Documents, now: datetime) -> Prepared:
    repeated_in_vain = row.round > 1 and row.warning.acknowledged_at is not None
    needed = may_still_warn(row.warning) and not repeated_in_vain
    if row.target is not None and not row.target.is_active:
        return Prepared(row, SWITCHED_OFF, needed)
    try:
        return Prepared(row, _message(row, documents, now), needed)
    except UNSPEAKABLE as error:
        return Prepared(row, Permanent(f"{type(error).__name__}: {error}"), needed)


def _message(row: Delivery, documents: Documents, now: datetime) -> Outgoing:
    facts = facts_of(row, documents, now=now)
    return Outgoing(
        id=row.message_id,
        type="warning",
        occurred_at=row.warning.created_at,
        subject=subject_of(facts),
        body=body_of(facts),
        url=facts.url,
        facts=_for_programs(row),
    )


def facts_of(delivery: Delivery, documents: Documents, *, now: datetime) -> WarningFacts:
    """What a warning can say: of the claim, or of the letter that nobody has placed yet."""
    warning, claim, deadline = delivery.warning, delivery.warning.claim, delivery.warning.deadline
    notice = deadline.notice if deadline is not None and claim is None else None
    path = f"claims/{claim.pk}/" if claim else f"notices/{notice.pk}/" if notice else "claims/"
    assignee = claim.assignee if claim else None
    own_zone = delivery.user.time_zone if delivery.user else ""
    return WarningFacts(
        stage=warning.stage,
        kind=deadline.kind if deadline else "",
        order_id=claim.order_id if claim else notice.order_id if notice else "",
        url=_address(path),
        zone=own_zone or warning.seller.time_zone,
        now=now,
        target_at=deadline.target_at if deadline else None,
        due_at=deadline.due_at if deadline else None,
        previous_due_at=deadline.previous_due_at if deadline and deadline.version > 1 else None,
        amount=printed(claim.amount, claim.currency) if claim else "",
        assignee=assignee.get_username() if assignee else "",
        missing=tuple(claim.missing) if claim else (),
        documents=documents.get(claim.pk, ()) if claim else (),
        subject=notice.subject if notice else "",
        round=delivery.round,
    )


def _for_programs(row: Delivery) -> dict[str, Any]:
    warning, claim, deadline = row.warning, row.warning.claim, row.warning.deadline
    return {
        "warning": warning.pk,
        "stage": warning.stage,
        "round": row.round,
        "seller": warning.seller.merchant_token,
        "claim": warning.claim_id,
        "order_id": claim.order_id if claim else "",
        "amazon_claim_id": claim.amazon_claim_id or "" if claim else "",
        "amount": f"{claim.amount:f}" if claim and claim.amount is not None else None,
        "currency": claim.currency if claim else "",
        "assignee": claim.assignee.get_username() if claim and claim.assignee else None,
        "deadline": warning.deadline_id,
        "deadline_kind": deadline.kind if deadline else "",
        "deadline_version": warning.deadline_version,
        "target_at": _moment(deadline.target_at) if deadline else None,
        "due_at": _moment(deadline.due_at) if deadline else None,
    }


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _documents(claim_ids: Iterable[int]) -> Documents:
    """The newest bundle and the reply to be sent of each claim; two queries."""
    wanted = list(claim_ids)
    bundles = Bundle.objects.filter(claim__in=wanted, status=Bundle.Status.READY)
    drafts = Reply.objects.filter(claim__in=wanted, status__in=[ReplyStatus.DRAFT, ReplyStatus.APPROVED])
    newest_bundle = bundles.order_by("claim", "-version").distinct("claim").values_list("claim_id", "pk")
    newest_draft = drafts.order_by("claim", "-pk").distinct("claim").values_list("claim_id", "pk")
    found: dict[int, tuple[tuple[str, str], ...]] = {}
    for claim_id, pk in newest_bundle:
        found[claim_id] = (("Evidence", _address(f"bundles/{pk}/pdf/")),)
    for claim_id, pk in newest_draft:
        found[claim_id] = (*found.get(claim_id, ()), ("Reply", _address(f"replies/{pk}/")))
    return found


def _address(path: str) -> str:
    return f"{settings.BASE_URL}/api/v1/{path}"
