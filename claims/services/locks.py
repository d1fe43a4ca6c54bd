"""All locks of the app, so that their order can be read in one place.

Order: seller (ladders only), notice (its unique insert), order, claim row, reply row, then clocks and
warnings. Rows of sellers and claims are locked without their key, so that others may insert rows that point at
them meanwhile.
"""

from django.db import connection

from accounts.errors import NotVisible
from accounts.models import Seller
from claims.models import Claim, Deadline, Notice, Reply


def lock_seller(seller_id: int) -> None:
    """One change of a seller's ladders at a time, until the transaction ends; his claims go on meanwhile."""
    Seller.objects.select_for_update(no_key=True).only("pk").get(pk=seller_id)


def lock_order(seller_id: int, order_id: str) -> None:
    """One letter at a time for an order, until the transaction ends: also while it has no claim yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [seller_id % 2**31, order_id])


def lock_claim(claim_id: int) -> Claim:
    """The claim, locked until the transaction ends. Raises NotVisible."""
    claim = Claim.objects.select_for_update(no_key=True).select_related(None).filter(pk=claim_id).first()
    if claim is None:
        raise NotVisible
    return claim


def lock_reply(reply_id: int) -> tuple[Claim, Reply]:
    """A reply with its claim, the claim locked first. Raises NotVisible."""
    claim_id = Reply.objects.filter(pk=reply_id).values_list("claim_id", flat=True).first()
    if claim_id is None:
        raise NotVisible
    claim = lock_claim(claim_id)
    return claim, Reply.objects.select_for_update(no_key=True).get(pk=reply_id)


def lock_notice(notice_id: int) -> Notice:
    """A letter, locked until the transaction ends. Raises NotVisible."""
    notice = Notice.objects.select_for_update(no_key=True).filter(pk=notice_id).first()
    if notice is None:
        raise NotVisible
    return notice


def lock_deadline(deadline_id: int) -> tuple[Claim | None, Deadline]:
    """A clock with its claim (a triage clock has none), the claim locked first. Raises NotVisible."""
    found = Deadline.objects.filter(pk=deadline_id).values_list("claim_id", flat=True)
    if not found:
        raise NotVisible
    claim = lock_claim(found[0]) if found[0] is not None else None
    return claim, Deadline.objects.select_for_update(no_key=True).get(pk=deadline_id)
