"""The lists of words as requests, answers and the schema name them; each stands elsewhere, here it has a name.

The schema's enums are named after these (`ENUM_NAME_OVERRIDES` in the settings).
"""

from accounts.channels.words import ChannelKind
from claims.bundle.content import Level, RowState
from claims.deadlines import Basis, DeadlineKind
from claims.judgement.coverage import NO, UNKNOWN, YES
from claims.judgement.protection import FAIL, NOT_PROTECTED, PASS, PROTECTED
from claims.judgement.strength import GRADE_WORDS
from claims.ladder import Audience
from claims.lifecycle import LABELS, Action, State
from claims.models import Bundle, Deadline, Delivery, Finding, Job, Warning
from claims.selectors.risk import BUCKETS


def _plain(words: type) -> list[tuple[str, str]]:
    return [(word.value, word.value.replace("_", " ")) for word in words]  # type: ignore[attr-defined]


STATES = [(state.value, LABELS[state]) for state in State]
ACTIONS = _plain(Action)
DEADLINE_KINDS = _plain(DeadlineKind)
POLICY_KINDS = [row for row in DEADLINE_KINDS if row[0] not in ("preparation", "triage")]
BASES = _plain(Basis)
AUDIENCES = _plain(Audience)
CHECKLIST_LEVELS = _plain(Level)
CHECKLIST_STATES = _plain(RowState)
BULK_ACTIONS = [
    ("assign", "assign"),
    ("acknowledge", "acknowledge"),
    ("collect_evidence", "collect evidence"),
]
ACTOR_KINDS = [("user", "user"), ("integration", "integration"), ("system", "system")]

GRADES = [(grade, GRADE_WORDS[grade]) for grade in GRADE_WORDS]
VERDICTS = [(PROTECTED, "Protected"), (NOT_PROTECTED, "Not protected"), (UNKNOWN, "Unknown")]
CONDITION_STATES = [(PASS, "Pass"), (FAIL, "Fail"), (UNKNOWN, "Unknown")]
COVERED = [(YES, "Yes"), (NO, "No"), (UNKNOWN, "Unknown")]

BUNDLE_STATUSES = Bundle.Status.choices
DEADLINE_STATUSES = Deadline.Status.choices
DELIVERY_STATUSES = Delivery.Status.choices
CHANNEL_KINDS = ChannelKind.choices
DELIVERY_CHANNELS = Delivery.Channel.choices
FINDING_STATUSES = Finding.Status.choices
JOB_KINDS = Job.Kind.choices
JOB_STATUSES = Job.Status.choices
WARNING_STATUSES = Warning.Status.choices
RISK_BUCKETS = [(name, name) for name in BUCKETS]
_PLANNED = [("planned", "Planned")]
PREVIEW_STATUSES = [*WARNING_STATUSES, *_PLANNED]
PREVIEW_DELIVERY_STATUSES = [*DELIVERY_STATUSES, *_PLANNED]
