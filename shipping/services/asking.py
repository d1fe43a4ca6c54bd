"""Asking one source about one parcel, and keeping what it says. The network is outside every transaction."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings

from accounts.actors import Actor
from accounts.channels.connections import shared_pools
from accounts.errors import InvalidInput
from accounts.secrets import UnreadableSecret, decrypted
from shipping.models import Shipment, SourceAccount
from shipping.numbers import table_name
from shipping.outward.door import Door
from shipping.outward.exchange import CredentialsRefused, NotYet, Unanswered, WrongAnswer
from shipping.services.links import keep_linked
from shipping.services.pacing import turn_taker
from shipping.services.tracking import record_tracking
from shipping.sources.line import Line
from shipping.sources.registry import SOURCES
from shipping.sources.shape import AccountView, Parcel, Told
from shipping.vocabulary import Channel

logger = logging.getLogger(__name__)

_LONGEST_FAULT: Final = 400
#: What adapters and vendors' packages stumble over in an answer of another shape; nesting without end is among it.
STUMBLES: Final = (RecursionError, ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a question. `kept` answers are stored; `fault` tells of one that could not be read,
    `note` of a linked document that could not be fetched.
    """

    kept: int = 0
    failure: Unanswered | None = None
    not_yet: NotYet | None = None
    fault: str = ""
    proof_asked: bool = False
    note: str = ""


def open_door(answer_seconds: float | None = None) -> Door:
    """The door of this process; an answer has SOURCE_ANSWER_SECONDS unless the caller has less time."""
    allow_private: bool = settings.OUTGOING_ALLOW_PRIVATE
    within = answer_seconds or settings.SOURCE_ANSWER_SECONDS
    pools = shared_pools(allow_private=allow_private, answer_seconds=within)
    return Door(pools=pools, allow_private=allow_private, most_bytes=settings.TRACKING_MAX_BYTES)


def open_line(account: SourceAccount, *, is_urgent: bool, now: Callable[[], datetime]) -> Line:
    """The way to the source of this account. Raises CredentialsRefused where no key opens its secrets."""
    try:
        secrets = json.loads(decrypted(account.secrets_encrypted))
    except UnreadableSecret as failed:
        raise CredentialsRefused("The stored credentials cannot be opened; enter them again.") from failed
    return Line(
        terms=SOURCES[account.source].terms,
        account=AccountView(account.pk, account.base_url, secrets),
        door=open_door(),
        take_turn=turn_taker(account_id=account.pk, is_urgent=is_urgent, now=now),
        now=now,
    )


def ask_source(
    *,
    account: SourceAccount,
    shipment: Shipment,
    is_new: bool,
    is_watched: bool,
    is_urgent: bool,
    wants_proof: bool,
    now: Callable[[], datetime],
) -> Asked:
    """Ask, keep what came, say what went wrong. Raises nothing of the source's doing."""
    source = SOURCES[account.source]
    told: list[Told] = []
    failure: Unanswered | None = None
    not_yet: NotYet | None = None
    proof_asked = False
    try:
        line = open_line(account, is_urgent=is_urgent, now=now)
        told = line.told
        source.track(_parcel(shipment, is_new=is_new, is_watched=is_watched), line)
        if wants_proof:
            source.prove(_parcel(shipment, is_new=False, is_watched=is_watched), line)
            proof_asked = True
    except NotYet as waits:
        not_yet = waits
    except Unanswered as failed:
        failure = failed
    except STUMBLES as stumbled:  # of the answer's doing, or of an adapter's own fault: the trace tells which
        logger.exception("Parcel %s: the adapter of %s stumbled.", shipment.pk, account.source)
        failure = WrongAnswer(f"The answer has another shape than expected ({type(stumbled).__name__}).")
    if not told and failure is None and not_yet is None:
        failure = WrongAnswer("The source gave no answer.")
    fault = ""
    for each in told:
        fault = _keep(each, account=account, shipment=shipment, now=now()) or fault
    note = ""
    if told and failure is None and not_yet is None and source.terms.linked:
        take_turn = turn_taker(account_id=account.pk, is_urgent=is_urgent, now=now)
        try:
            note = keep_linked(
                shipment_id=shipment.pk,
                account=account,
                terms=source.terms,
                door=open_door(),
                take_turn=take_turn,
                now=now,
            )
        except NotYet as waits:
            note = str(waits)
    return Asked(len(told), failure, not_yet, fault, proof_asked, note)


def _parcel(shipment: Shipment, *, is_new: bool, is_watched: bool) -> Parcel:
    return Parcel(
        tracking_number=shipment.tracking_number,
        order_id=shipment.order_id,
        carrier=table_name(shipment.carrier) or _likely(shipment),
        marketplace_id=shipment.marketplace_id,
        amazon_shipment_id=shipment.amazon_shipment_id,
        shipped_at=shipment.shipped_at,
        is_new=is_new,
        is_watched=is_watched,
    )


def _likely(shipment: Shipment) -> str:
    """The only carrier whose format the number has; where there are several, nobody is named."""
    carriers: list[str] = shipment.number_check.get("carriers", [])
    return carriers[0] if len(carriers) == 1 and not shipment.carrier else ""


def _keep(told: Told, *, account: SourceAccount, shipment: Shipment, now: datetime) -> str:
    """Store an answer; the fault that its reader found, if any. The bytes are kept either way."""
    try:
        record_tracking(
            shipment=shipment,
            provider=told.provider,
            payload=told.answer.body,
            actor=Actor(None, None, f"{account.get_source_display()} (asked)"),
            now=now,
            channel=Channel.POLL,
            http_status=told.answer.status,
            content_type=told.answer.content_type[:200],
            fetched_at=now,
            request=told.call.without_secrets(),
        )
    except InvalidInput as unreadable:
        first = unreadable.errors[0].detail if unreadable.errors else unreadable.detail
        return f"The answer of {told.provider} cannot be read: {first}"[:_LONGEST_FAULT]
    return ""
