"""A delivery as a mail, and what the answer of a mail server means for it."""

import smtplib
from datetime import datetime
from enum import Enum
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from claims.models import Bundle, Claim, Delivery, Reply
from claims.warning_text import WarningFacts, body_of, subject_of
from claims.words import ReplyStatus

#: What a mail server, the way to it, or the text of the mail itself can fail with.
MAIL_TROUBLE = (smtplib.SMTPException, OSError, LookupError, ValueError, TypeError, ArithmeticError)
_UNAVAILABLE = 421


class Trouble(Enum):
    """Whose fault it is that a mail did not get out."""

    SERVER = "nobody gets mail at this moment"
    FOR_NOW = "this mail is refused for the time being"
    FOR_GOOD = "this mail will never be taken"


def trouble_of(error: Exception) -> Trouble:
    """Read the error of sending one mail to one recipient over an open connection."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return _by_code(max(codes, default=_UNAVAILABLE))
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Trouble.FOR_GOOD  # the address needs what the server does not speak
    return Trouble.SERVER if isinstance(error, OSError) else Trouble.FOR_GOOD


def _by_code(code: int) -> Trouble:
    if code == _UNAVAILABLE:
        return Trouble.SERVER
    return Trouble.FOR_GOOD if 500 <= code < 600 else Trouble.FOR_NOW


def mail_of(delivery: Delivery, connection: BaseEmailBackend, *, now: datetime) -> EmailMessage:
    """The mail, with the hours that are left at this moment, under the delivery's lasting id."""
    facts = facts_of(delivery, now=now)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return EmailMessage(
        subject=subject_of(facts),
        body=body_of(facts),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.recipient],
        headers={"Message-ID": f"<{delivery.message_id}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def facts_of(delivery: Delivery, *, now: datetime) -> WarningFacts:
    """What the mail can say: of the claim, or of the letter that nobody has placed yet."""
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
        amount=f"{claim.amount.normalize():f} {claim.currency}" if claim and claim.amount is not None else "",
        assignee=assignee.get_username() if assignee else "",
        missing=tuple(claim.missing) if claim else (),
        documents=_documents(claim) if claim else (),
        subject=notice.subject if notice else "",
        round=delivery.round,
    )


def _documents(claim: Claim) -> tuple[tuple[str, str], ...]:
    bundles = Bundle.objects.filter(claim=claim, status=Bundle.Status.READY)
    drafts = Reply.objects.filter(claim=claim, status__in=[ReplyStatus.DRAFT, ReplyStatus.APPROVED])
    bundle_id = bundles.order_by("-version").values_list("pk", flat=True).first()
    reply_id = drafts.order_by("-pk").values_list("pk", flat=True).first()
    found = []
    if bundle_id is not None:
        found.append(("Evidence", _address(f"bundles/{bundle_id}/pdf/")))
    if reply_id is not None:
        found.append(("Reply", _address(f"replies/{reply_id}/")))
    return tuple(found)


def _address(path: str) -> str:
    return f"{settings.BASE_URL}/api/v1/{path}"
