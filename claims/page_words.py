"""What stored words say to a person on a page, and which of them stand out. Words only."""

from collections.abc import Mapping
from typing import Any

from claims.judgement.strength import GRADE_WORDS
from claims.lifecycle import LABELS
from claims.models import Bundle, Deadline, Delivery, Finding, Job, Warning
from claims.words import (
    CountsInOdr,
    DecisionOutcome,
    EvidenceKind,
    FundedBy,
    LossReason,
    NoticeKind,
    NoticeStatus,
    Reason,
    ReplyKind,
    ReplyStatus,
)
from shipping.sources.words import SourceName
from shipping.vocabulary import ParcelStatus

CLOCKS = {
    "response": "Answer to Amazon",
    "appeal": "Appeal",
    "appeal_information": "Answer in the appeal",
    "preparation": "Preparation",
    "triage": "Letter to place",
}
BASES = {
    "stated_date": "date stated in the letter",
    "stated_window": "window stated in the letter",
    "policy": "Amazon's published window",
    "default_48h": "48 hours, for want of anything stated",
    "internal": "our own plan",
    "set_by_agent": "set by hand",
}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "state": {state.value: label for state, label in LABELS.items()},
    "clock": CLOCKS,
    "basis": BASES,
    "clock_status": dict(Deadline.Status.choices),
    "reason": dict(Reason.choices),
    "evidence": dict(EvidenceKind.choices),
    "notice_kind": dict(NoticeKind.choices),
    "notice_status": dict(NoticeStatus.choices),
    "decision": dict(DecisionOutcome.choices),
    "funded_by": dict(FundedBy.choices),
    "odr": dict(CountsInOdr.choices),
    "loss": dict(LossReason.choices),
    "reply": dict(ReplyKind.choices),
    "reply_status": dict(ReplyStatus.choices),
    "bundle": dict(Bundle.Status.choices),
    "job": dict(Job.Status.choices),
    "finding": dict(Finding.Status.choices),
    "warning": {**dict(Warning.Status.choices), "superseded": "Superseded", "void": "Void"},
    "delivery": dict(Delivery.Status.choices),
    "parcel": dict(ParcelStatus.choices),
    "grade": GRADE_WORDS,
    "source": dict(SourceName.choices),
}
PILLS = {
    "action_required": "warn", "appeal_action_required": "warn", "needs_person": "warn", "conflict": "warn",
    "missed": "danger", "failed": "danger", "met": "ok", "ready": "ok", "provided": "ok", "found": "ok",
    "delivered": "ok", "submitted": "ok", "approved": "ok", "missing": "warn", "sent": "ok", "read": "ok",
    "unreadable": "danger", "other_parcel": "warn", "resolved": "ok", "processed": "ok",
    "A": "ok", "B": "ok", "C": "ok", "E": "warn", "F": "danger", "protected": "ok", "not_protected": "warn",
    "pass": "ok", "fail": "danger",
}  # fmt: skip
