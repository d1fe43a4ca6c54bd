"""What comes out of reading a mail: plain frozen values for whoever stores the notice.

It leaves to others how a value was found (the modules beside this one) and what becomes of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal, TypedDict

from claims.deadlines import Stated, Window
from claims.words import NoticeKind

MarketplaceBasis = Literal["header", "link", "sender"]
NoticedAtBasis = Literal["original_date", "forward_date", "forwarded_header"]


class Reading(StrEnum):
    """How far the reader got: a notice, something a person must look at, or other mail."""

    CLAIM = "claim"
    NEEDS_PERSON = "needs_person"
    UNRELATED = "unrelated"


class ReadDecision(TypedDict):
    """The three axes of an outcome; `unknown` wherever the mail does not say."""

    decision: str
    funded_by: str
    counts_in_odr: str
    debited_amount: Decimal | None
    decision_text: str


@dataclass(frozen=True)
class StatedWindow:
    """A time to answer as the mail states it, with the sentence it stands in."""

    window: Window
    source_text: str


@dataclass(frozen=True)
class StatedDate:
    """A date to answer by: a `moment` where time and zone are given, else the bare `day`."""

    moment: datetime | None
    day: date | None
    source_text: str


@dataclass(frozen=True)
class ReadMail:
    """Everything read from one mail; with NEEDS_PERSON the fields are what could be read so far."""

    reading: Reading
    why: str
    kind: NoticeKind | None
    order_id: str | None
    amazon_claim_id: str | None
    marketplace_id: str | None
    marketplace_basis: MarketplaceBasis | None
    amount: Decimal | None
    currency: str | None
    seller_name: str | None
    noticed_at: datetime | None
    noticed_at_basis: NoticedAtBasis | None
    stated_window: StatedWindow | None
    stated_date: StatedDate | None
    decision: ReadDecision | None
    reason_label: str | None
    buyer_comment: str | None
    subject: str
    text: str
    sender: str
    sender_is_amazon: bool
    forwarded: bool
    notification_type: str | None
    content_id: str

    @property
    def stated(self) -> Stated:
        """Date and window as the rule of time takes them; a date goes before a window there."""
        date_words = self.stated_date.source_text if self.stated_date else ""
        window_words = self.stated_window.source_text if self.stated_window else ""
        return Stated(
            moment=self.stated_date.moment if self.stated_date else None,
            on_date=self.stated_date.day if self.stated_date else None,
            window=self.stated_window.window if self.stated_window else None,
            text=date_words or window_words,
        )
