"""Rows of the claims app. Only services write them; selectors read them."""

from claims.models.claim import CLAIM_WORDS, Claim, Event, Notice, NoticeAttempt
from claims.models.clocks import Deadline, LadderStep, PolicyWindow
from claims.models.evidence import Bundle, EvidenceItem, Finding, Job
from claims.models.outcome import Decision, Reply
from claims.models.warning import Delivery, EngineHeartbeat, Warning

__all__ = [
    "CLAIM_WORDS",
    "Bundle",
    "Claim",
    "Deadline",
    "Decision",
    "Delivery",
    "EngineHeartbeat",
    "Event",
    "EvidenceItem",
    "Finding",
    "Job",
    "LadderStep",
    "Notice",
    "NoticeAttempt",
    "PolicyWindow",
    "Reply",
    "Warning",
]
