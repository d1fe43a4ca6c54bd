"""What a letter says, whatever door it came through: the one shape that services take."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from claims.deadlines import Stated
from claims.words import NoticeKind
from shipping.services import ShipmentFields


@dataclass(frozen=True)
class DecisionFields:
    """One decision on its three axes. `decided_at` None: the moment of the letter that tells it."""

    decision: str
    funded_by: str = "unknown"
    counts_in_odr: str = "unknown"
    debited_amount: Decimal | None = None
    currency: str = ""
    decided_at: datetime | None = None
    decision_text: str = ""
    loss_reason: str = ""


@dataclass(frozen=True)
class NoticeFields:
    """A letter, validated. Empty text means "not stated"; nothing here is guessed.

    `stated_window` keeps a window of a "claim received" letter, which moves no clock. Addresses have the
    keys name, line1, line2, city, region, postal_code, country_code.
    """

    notice_id: str
    marketplace_id: str
    order_id: str
    noticed_at: datetime
    kind: NoticeKind = NoticeKind.INFORMATION_REQUESTED
    amazon_claim_id: str = ""
    reason: str = ""
    reason_label: str = ""
    buyer_comment: str = ""
    amount: Decimal | None = None
    currency: str = ""
    stated: Stated = field(default_factory=Stated)
    stated_window: str = ""
    request_text: str = ""
    requested: tuple[str, ...] = ()
    ship_to: Mapping[str, str] = field(default_factory=dict)
    shipments: tuple[ShipmentFields, ...] = ()
    decision: DecisionFields | None = None
    marketplace_inferred: bool = False
    noticed_at_basis: str = "stated"
    subject: str = ""
    text: str = ""
