"""Taking in what sources send by themselves: proven first, kept as it came, read, and linked to its parcel.

Replays change nothing (the same bytes are one answer) and neither does disorder (facts are derived from all
events). What nobody's parcel fits is kept in a row of its own until the parcel comes.
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import Q

from accounts.actors import Actor
from accounts.errors import InvalidInput, TooLarge
from accounts.secrets import UnreadableSecret, decrypted
from shipping.models import Shipment, StrayAnswer, TrackingEndpoint, TrackingSnapshot
from shipping.outward.exchange import Call, Unanswered, judge
from shipping.services.asking import open_door
from shipping.services.plans import ask_now
from shipping.services.tracking import record_tracking
from shipping.sources.deliveries import number_in
from shipping.sources.signatures import KEY_ID, Headers, is_signed, is_signed_by_key, key_of
from shipping.sources.words import SendingSource
from shipping.vocabulary import Channel

NOTED_EVERY: Final = timedelta(minutes=1)
KEYS_KEPT_SECONDS: Final = 12 * 3600
KEYS_ASKED_EVERY_SECONDS: Final = 60
LINKED_AT_ONCE: Final = 100
#: A sender waits seven seconds for its 2xx.
KEYS_WITHIN_SECONDS: Final = 3.0
_KEYS: Final = "shipengine-keys"
#: These only tell that there is news: their signature covers no time, so the source is asked for the truth.
_ASKED_AGAIN: Final = frozenset({SendingSource.SEVENTEENTRACK})


class SignatureRefused(Exception):
    """The delivery does not prove where it comes from."""


def take_delivery(
    *, endpoint: TrackingEndpoint, body: bytes, headers: Headers, content_type: str, now: datetime
) -> int:
    """Keep one delivery; the number of parcels it was kept for. Raises SignatureRefused, TooLarge."""
    if len(body) > settings.TRACKING_MAX_BYTES:
        raise TooLarge(f"An answer may have at most {settings.TRACKING_MAX_BYTES} bytes.")
    if not _is_proven(endpoint, body=body, headers=headers, now=now):
        _note(endpoint, "last_refused_at", now)
        raise SignatureRefused("The signature does not fit.")
    _note(endpoint, "last_received_at", now)
    number = number_in(endpoint.source, body)
    parcels = list(
        Shipment.objects.filter(seller_id=endpoint.seller_id, tracking_number=number).order_by("id")
    )
    if not number or not parcels:
        _keep_stray(endpoint, body=body, number=number, content_type=content_type, now=now)
        return 0
    for parcel in parcels:
        _record(parcel, endpoint, body=body, content_type=content_type, received_at=now, now=now)
    if endpoint.source in _ASKED_AGAIN:
        ask_now(shipment_ids=[parcel.pk for parcel in parcels], source=endpoint.source, now=now)
    return len(parcels)


def _is_proven(endpoint: TrackingEndpoint, *, body: bytes, headers: Headers, now: datetime) -> bool:
    if endpoint.source != SendingSource.SHIPENGINE:
        try:
            secret = decrypted(endpoint.secret_encrypted)
        except UnreadableSecret:
            return False
        return is_signed(endpoint.source, secret=secret, headers=headers, body=body)
    key_id = headers.get(KEY_ID, "")
    if not key_id:
        return False
    key = key_of(_key_set(now=now, fresh=False), key_id)
    if key is None:
        key = key_of(_key_set(now=now, fresh=True), key_id)
    return key is not None and is_signed_by_key(key, headers=headers, body=body, now=now)


def _key_set(*, now: datetime, fresh: bool) -> Any:
    """ShipEngine's public keys. Asked for anew at most once a minute, whatever ids deliveries name."""
    kept = cache.get(_KEYS)
    if kept is not None and not fresh:
        return kept
    if not cache.add(f"{_KEYS}-asked", True, timeout=KEYS_ASKED_EVERY_SECONDS):
        return kept
    try:
        call = Call("GET", settings.SHIPENGINE_KEYS_URL, {"accept": "application/json"})
        answer = judge(open_door(answer_seconds=KEYS_WITHIN_SECONDS).carry(call), who="ShipEngine", now=now)
        found = json.loads(answer.body) if answer.status < 400 else None
    except (Unanswered, ValueError):
        return kept
    if found is not None:
        cache.set(_KEYS, found, timeout=KEYS_KEPT_SECONDS)
    return found if found is not None else kept


def _note(endpoint: TrackingEndpoint, column: str, now: datetime) -> None:
    due = Q(**{f"{column}__isnull": True}) | Q(**{f"{column}__lte": now - NOTED_EVERY})
    TrackingEndpoint.objects.filter(due, pk=endpoint.pk).update(**{column: now})


def _keep_stray(
    endpoint: TrackingEndpoint, *, body: bytes, number: str, content_type: str, now: datetime
) -> None:
    stray = StrayAnswer(
        endpoint=endpoint,
        seller_id=endpoint.seller_id,
        provider=endpoint.source,
        tracking_number=number,
        content_type=content_type[:200],
        raw=body,
        sha256=hashlib.sha256(body).hexdigest(),
        received_at=now,
    )
    StrayAnswer.objects.bulk_create([stray], ignore_conflicts=True)


def _record(
    parcel: Shipment,
    endpoint: TrackingEndpoint,
    *,
    body: bytes,
    content_type: str,
    received_at: datetime,
    now: datetime,
) -> TrackingSnapshot | None:
    """The kept answer; None for one that was kept though it cannot be read, or has no byte at all."""
    try:
        return record_tracking(
            shipment=parcel,
            provider=endpoint.source,
            payload=body,
            actor=Actor(None, None, f"{endpoint.get_source_display()} (webhook)"),
            now=now,
            channel=Channel.WEBHOOK,
            content_type=content_type[:200],
            fetched_at=received_at,
            signature_verified=True,
        ).snapshot
    except InvalidInput:
        return None


def link_strays(*, now: datetime, limit: int = LINKED_AT_ONCE) -> int:
    """Answers that waited are given to parcels that came meanwhile. One query finds them; safe beside itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT s.id, p.id
              FROM (SELECT id, seller_id, tracking_number FROM shipping_strayanswer w
                     WHERE linked_at IS NULL AND tracking_number <> ''
                       AND EXISTS (SELECT 1 FROM shipping_shipment
                                    WHERE seller_id = w.seller_id AND tracking_number = w.tracking_number)
                     ORDER BY id LIMIT %s) s
              JOIN shipping_shipment p ON p.seller_id = s.seller_id AND p.tracking_number = s.tracking_number
             ORDER BY s.id, p.id
            """,
            [limit],
        )
        pairs = cursor.fetchall()
    strays = StrayAnswer.objects.select_related("endpoint").in_bulk([stray_id for stray_id, _ in pairs])
    parcels = Shipment.objects.in_bulk([parcel_id for _, parcel_id in pairs])
    kept: dict[int, TrackingSnapshot | None] = {}
    for stray_id, parcel_id in pairs:
        stray = strays[stray_id]
        snapshot = _record(
            parcels[parcel_id], stray.endpoint, body=bytes(stray.raw), content_type=stray.content_type,
            received_at=stray.received_at, now=now,
        )  # fmt: skip
        kept[stray_id] = kept.get(stray_id) or snapshot
    for stray_id, snapshot in kept.items():
        StrayAnswer.objects.filter(pk=stray_id).update(linked_at=now, snapshot=snapshot)
    return len(kept)
