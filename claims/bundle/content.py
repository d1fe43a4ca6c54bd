"""What a bundle is made of: plain frozen values that services fill from rows.

Leaves to others: reading rows (services), shaping bytes (`build`), laying out pages (`pages`).

Rules for whoever fills this in:
- every `datetime` is aware; a naive one is refused by `build_bundle`;
- nothing that changes by itself goes in (no hours left, no time of making, no "last checked"), since equal
  content must give equal bytes;
- empty text means "not known"; `None` means "not known" for times, numbers and yes/no.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Standing(StrEnum):
    """How a collector's search ended; the same words as the findings' rows."""

    FOUND = "found"
    ABSENT = "absent"
    FAILED = "failed"


class RowState(StrEnum):
    """The state of a checklist row (API.md, Evidence)."""

    PROVIDED = "provided"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


class Level(StrEnum):
    """How much a checklist row weighs (DESIGN.md section 7)."""

    REQUIRED = "required"
    ONE_OF = "one_of"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address as the order or the carrier states it; also used for places (then without name)."""

    name: str = ""
    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFacts:
    """The claim as Amazon and the seller know it; the three kinds of reason are kept apart (DOMAIN.md 2)."""

    id: int
    order_id: str
    seller_name: str
    merchant_token: str
    marketplace_id: str
    marketplace_name: str = ""
    amazon_claim_id: str = ""
    reason: str = ""  # our code, e.g. "not_received"
    reason_text: str = ""  # our code in words, e.g. "Item not received"
    reason_label: str = ""  # Amazon's label, verbatim
    buyer_comment: str = ""  # the buyer's words, verbatim
    amount: Decimal | None = None
    currency: str = ""
    ship_to: Address | None = None
    requested: tuple[str, ...] = ()  # evidence kinds that Amazon asked for
    request_text: str = ""  # Amazon's words, verbatim


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One open clock of the claim. The first in `BundleContent.clocks` is the one the first page shows."""

    kind: str
    due_at: datetime
    target_at: datetime | None = None
    basis: str = ""  # stated_date | stated_window | policy | default_48h | internal | set_by_agent
    source_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingEvent:
    """One scan. `occurred_at` is empty when the carrier's time cannot be placed on the clock."""

    text: str  # verbatim
    occurred_at: datetime | None = None
    local_text: str = ""  # the carrier's local time as stated, with its offset if it has one
    # carrier_offset | carrier_utc | provider_inferred | place_inferred | assumed | date_only
    time_basis: str = ""
    status: str = ""
    place: Address | None = None
    leg: str = ""  # forward | return | unknown
    source: str = ""  # carrier | user | provider_inferred, and the provider


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedBy:
    """What the carrier records as the receiver; never read as "signed by the buyer" (CARRIERS.md, trap 2)."""

    raw: str
    kind: str = ""  # person_name | initials | code | not_required | placeholder | none


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPart:
    """One part of the address (postal_code, city, …) compared with where the carrier says it delivered."""

    part: str
    result: str  # match | mismatch | not_stated
    ship_to: str = ""
    delivered: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two facts that do not fit, named openly. `fields` are the fields at fault."""

    text: str
    code: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """One parcel with everything derived about it."""

    carrier: str
    tracking_number: str
    service: str = ""
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    shipped_at: datetime | None = None
    first_scan_at: datetime | None = None
    first_scan_local: str = ""  # as the carrier wrote it, where the moment is not known
    first_scan_in_time: bool | None = None  # at or before ship_by; None: cannot be told
    delivered_at: datetime | None = None
    delivered_local: str = ""
    time_basis: str = ""
    place: Address | None = None
    received_by: ReceivedBy | None = None
    signature_required: bool | None = None
    signature_obtained: bool | None = None
    bought_through_buy_shipping: bool | None = None
    claims_protected: bool | None = None
    status: str = ""
    leg: str = ""
    address_match: tuple[AddressPart, ...] = ()
    conflicts: tuple[Contradiction, ...] = ()
    gaps: tuple[str, ...] = ()
    events: tuple[TrackingEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A line of the timeline that is no scan: order placed, notice received, buyer's message, decision."""

    occurred_at: datetime
    text: str
    lane: str  # order | message | claim
    source: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one collector found, or that there is none and why."""

    kind: str
    standing: Standing
    facts: tuple[str, ...] = ()  # one sentence each
    reason: str = ""  # for absent and failed
    source: str = ""
    observed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistRow:
    """One row of the checklist; `group` keeps several `one_of` sets apart."""

    kind: str
    level: Level
    state: RowState
    items: tuple[str, ...] = ()  # what provides it, in words or file names
    reason: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something the bundle should hold and does not, with the reason printed."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceFile:
    """An uploaded original or a pasted text (`text/plain`). Shown in the PDF where its type allows."""

    name: str
    kind: str
    media_type: str
    content: bytes
    source: str
    observed_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RawNotice:
    """A notice as it came in."""

    name: str
    media_type: str
    content: bytes
    source: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSnapshot:
    """A carrier's or provider's answer as fetched, of which the tracking facts were derived."""

    provider: str
    content: bytes
    fetched_at: datetime
    content_type: str = "application/json"
    tracking_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One condition (`state` pass, fail or unknown) or one cause (no state), with the fields it rests on."""

    text: str
    state: str = ""
    source: str = ""
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """`grade` empty: the claim's reason has no scale. `coverage`: what protection is worth, with its source."""

    verdict: str
    conditions: tuple[Weighed, ...]
    coverage: str = ""
    grade: str = ""
    grade_text: str = ""
    causes: tuple[Weighed, ...] = ()
    risks: tuple[Weighed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleContent:
    """All that one bundle says. `version` is the only field that `inputs_digest` leaves out."""

    claim: ClaimFacts
    version: int
    policy_version: str
    zone: str  # IANA name; every time is printed in it, with the zone, and in UTC
    clocks: tuple[Clock, ...] = ()
    argument: tuple[str, ...] = ()  # at most three lines, printed first; empty: left out
    shipments: tuple[Shipment, ...] = ()
    history: tuple[Moment, ...] = ()
    findings: tuple[Finding, ...] = ()
    judged: Judged | None = None
    contradictions: tuple[Contradiction, ...] = ()  # over the whole claim; a shipment's own stay with it
    checklist: tuple[ChecklistRow, ...] = ()
    missing: tuple[Missing, ...] = ()
    files: tuple[EvidenceFile, ...] = ()
    notices: tuple[RawNotice, ...] = ()
    snapshots: tuple[RawSnapshot, ...] = ()
