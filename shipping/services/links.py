"""Fetching the documents that answers only link to, before their source forgets them.

A link is foreign: it is followed to known hosts of its source alone, without credentials, once, for pictures and
PDFs up to a size. What came is kept as an answer of its own, the link beside it; what was refused stays a link.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from accounts.actors import Actor
from shipping.models import Shipment, SourceAccount, TrackingSnapshot
from shipping.outward.door import Door, fetch_foreign
from shipping.outward.exchange import Call, Unanswered
from shipping.services.tracking import record_tracking
from shipping.sources.shape import Pace, Terms
from shipping.vocabulary import Channel

PROVIDER: Final = "linked_document"
KINDS: Final = ("application/pdf", "image/png", "image/jpeg")
PACE: Final = Pace(per_second=2, burst=5)
MOST_AT_ONCE: Final = 5


def keep_linked(
    *,
    shipment_id: int,
    account: SourceAccount,
    terms: Terms,
    door: Door,
    take_turn: Callable[[str, Pace], None],
    now: Callable[[], datetime],
) -> str:
    """Fetch what the answers of this source link to and nobody has fetched. Says why one could not be, else nothing.

    Raises NotYet.
    """
    shipment = Shipment.objects.get(pk=shipment_id)
    wanted = [
        document["url"]
        for document in shipment.documents
        if document.get("provider") in terms.linked
        and document.get("url", "").startswith(("http://", "https://"))
    ]
    hosts = {name for names in terms.linked.values() for name in names}
    refused = ""
    for url in list(dict.fromkeys(wanted))[:MOST_AT_ONCE]:
        if TrackingSnapshot.objects.filter(shipment=shipment, provider=PROVIDER, request__link=url).exists():
            continue
        try:
            answer = fetch_foreign(door, url, hosts=hosts, kinds=KINDS, turn=lambda: take_turn("links", PACE))
        except Unanswered as failed:
            refused = f"A linked document was not fetched: {failed}"
            continue
        if not answer.body:
            refused = "A linked document was not fetched: it is empty."
            continue
        record_tracking(
            shipment=shipment,
            provider=PROVIDER,
            payload=answer.body,
            actor=Actor(None, None, f"{account.get_source_display()} (link)"),
            now=now(),
            channel=Channel.POLL,
            content_type=answer.content_type[:200],
            fetched_at=now(),
            request={**Call("GET", url).without_secrets(), "link": url},
        )
    return refused
