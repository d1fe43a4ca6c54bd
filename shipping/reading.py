"""What a carrier's answer says, in our words: the shape that every reader in `carriers/` returns.

Pure and storable: `Stated` and `Place` go to JSON and back without loss.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from shipping.rules.times import ReadTime
from shipping.vocabulary import EventSource, Leg, ParcelStatus, SnapshotStatus

TEXT_LENGTH: Final = 2000


def words(value: object, length: int = TEXT_LENGTH) -> str:
    """A foreign value as text that PostgreSQL can keep: verbatim but for NUL and half surrogate pairs."""
    if isinstance(value, str) and value.isascii() and "\x00" not in value:
        return value[:length]
    if value is None or isinstance(value, dict | list | bool):
        return ""
    if isinstance(value, int | float):
        value = f"{value:.17g}" if isinstance(value, float) else hex_if_long(value)
    text = str(value).replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")[:length]


def hex_if_long(number: int) -> str:
    """Decimal, but for numbers so long that Python refuses to print them."""
    return str(number) if number.bit_length() < 10_000 else hex(number)


@dataclass(frozen=True, slots=True)
class Place:
    """As precise as the carrier was. `spot` is where at the address ("front door").

    `area` is a station's or service area's name: coarser than a city, so never compared with an address.
    """

    city: str = ""
    region: str = ""
    postal_code: str = ""
    country_code: str = ""
    spot: str = ""
    latitude: float | None = None
    longitude: float | None = None
    area: str = ""

    @property
    def precision(self) -> str:
        if self.latitude is not None and self.longitude is not None:
            return "coordinates"
        for part in ("postal_code", "city", "region", "area"):
            if getattr(self, part):
                return part
        return "country" if self.country_code else "none"

    def is_known(self) -> bool:
        """Whether it says where; the area that a station serves does not."""
        return self.precision not in ("none", "area")

    def to_json(self) -> dict[str, Any]:
        stated = {name: value for name in _PLACE if (value := getattr(self, name)) not in ("", None)}
        return {**stated, "precision": self.precision} if stated else {}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Place":
        return cls(**{name: value for name, value in stored.items() if name != "precision"})


_PLACE: Final = tuple(part.name for part in fields(Place))


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """One thing said about the parcel. `status` is ours, `provider_status`, `code` and `text` are theirs."""

    status: ParcelStatus
    time: ReadTime = field(default_factory=ReadTime)
    provider_status: str = ""
    code: str = ""
    text: str = ""
    place: Place = field(default_factory=Place)
    leg: Leg = Leg.UNKNOWN
    carrier: str = ""
    number: str = ""
    source: EventSource = EventSource.CARRIER

    def fingerprint(self, provider: str) -> str:
        """Same words at the same time and place = same event. Our own reading of it takes no part."""
        said = [
            provider, self.number, self.leg, self.source, self.provider_status, self.code, self.text,
            self.time.raw, self.place.to_json(),
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Stated:
    """What an answer says of the parcel as a whole, beside its events. Empty or None: not said."""

    status: str = ""
    provider_status: str = ""
    leg: str = Leg.UNKNOWN
    received_by: str = ""
    signature_required: bool | None = None
    signature_obtained: bool | None = None
    delivered_as: str = ""
    spot: str = ""
    latitude: float | None = None
    longitude: float | None = None
    destination: Mapping[str, Any] = field(default_factory=dict)
    documents: tuple[Mapping[str, Any], ...] = ()
    codes: tuple[str, ...] = ()
    order: Mapping[str, Any] = field(default_factory=dict)
    """Facts of the order and its label (names of `rules/order_facts.py`, `order_id`, `reasons`, `packages`)."""
    conflicts: tuple[Mapping[str, Any], ...] = ()
    """Rows {code, detail, fields}: where the answer contradicts itself, or is none of a real parcel."""

    def to_json(self) -> dict[str, Any]:
        blank = Stated()
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
            if value != getattr(blank, name)
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Stated":
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
        }
        return cls(**values)


@dataclass(frozen=True, slots=True)
class EmbeddedFile:
    """A document that stands inside an answer. `media_type` is what the bytes are, not what the answer says."""

    kind: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "media_type": self.media_type,
            "size": len(self.content),
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole of an answer. `numbers` and `orders` are those it speaks of; empty where it does not say.

    An answer about several parcels has each in `parcels` and says nothing of its own beside `numbers`.
    """

    status: SnapshotStatus = SnapshotStatus.READ
    events: tuple[ReadEvent, ...] = ()
    stated: Stated = field(default_factory=Stated)
    numbers: frozenset[str] = frozenset()
    orders: frozenset[str] = frozenset()
    reason: str = ""
    files: tuple[EmbeddedFile, ...] = ()
    parcels: "tuple[Reading, ...]" = ()


def gathered(parcels: tuple[Reading, ...]) -> Reading:
    """One reading of what an answer says about one or several parcels."""
    if len(parcels) == 1:
        return parcels[0]
    return Reading(parcels=parcels, numbers=frozenset().union(*(parcel.numbers for parcel in parcels)))


class Unreadable(Exception):
    """The answer is not what its provider's format says. `pointer` is inside the payload ("" = all of it)."""

    def __init__(self, reason: str, pointer: str = "") -> None:
        self.reason = reason
        self.pointer = pointer
        super().__init__(reason)
