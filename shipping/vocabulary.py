"""The closed lists of words that shipping speaks. Pure: no rows, no clock.

Vendors' own words are translated into these by `carriers/`; a word that nobody translated stays `unknown`.
"""

from typing import Final

from django.db.models import TextChoices


class ParcelStatus(TextChoices):
    """What an event, and in the end a parcel, says. Adding one means saying in `rules/` what it proves."""

    LABEL_CREATED = "label_created", "Label created"
    IN_TRANSIT = "in_transit", "In transit"
    OUT_FOR_DELIVERY = "out_for_delivery", "Out for delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup", "Available for pick-up"
    DELIVERY_ATTEMPTED = "delivery_attempted", "Delivery attempted"
    DELIVERED = "delivered", "Delivered"
    DELIVERED_TO_THIRD_PARTY = "delivered_to_third_party", "Delivered to a third party"
    DELIVERED_TO_PICKUP_POINT = "delivered_to_pickup_point", "Delivered to a pick-up point"
    EXCEPTION = "exception", "Exception"
    LOST = "lost", "Lost"
    DAMAGED = "damaged", "Damaged"
    RETURNING = "returning", "On its way back"
    RETURNED_TO_SENDER = "returned_to_sender", "Returned to the sender"
    CANCELLED = "cancelled", "Cancelled"
    NOT_FOUND = "not_found", "Not found"
    UNKNOWN = "unknown", "Unknown"


class Leg(TextChoices):
    """Which way the parcel was going."""

    FORWARD = "forward", "To the buyer"
    RETURN = "return", "Back to the sender"
    UNKNOWN = "unknown", "Not stated"


class TimeBasis(TextChoices):
    """How a moment is known. Empty only where there is no moment at all."""

    CARRIER_OFFSET = "carrier_offset", "Stated with its offset"
    CARRIER_UTC = "carrier_utc", "Stated in UTC"
    PROVIDER_INFERRED = "provider_inferred", "UTC as an intermediary believes"
    PLACE_INFERRED = "place_inferred", "Zone taken from the place"
    ASSUMED = "assumed", "Clock time without a zone"
    DATE_ONLY = "date_only", "A date without a time"


class EventSource(TextChoices):
    """Who says so. Only `carrier` is evidence of a scan."""

    CARRIER = "carrier", "The carrier"
    USER = "user", "A person"
    PROVIDER_INFERRED = "provider_inferred", "An intermediary"


class SnapshotStatus(TextChoices):
    """What became of one answer."""

    READ = "read", "Read"
    NOT_FOUND = "not_found", "The carrier does not know the number"
    ERROR_ANSWER = "error_answer", "An error instead of an answer"
    OTHER_PARCEL = "other_parcel", "Another parcel's answer"
    UNSUPPORTED = "unsupported", "No reader for this provider"
    UNREADABLE = "unreadable", "Not what the provider's format says"


class Channel(TextChoices):
    """By which door an answer came."""

    API = "api", "Posted through the API"
    POLL = "poll", "Fetched by this product"
    WEBHOOK = "webhook", "Sent by the provider"
    UPLOAD = "upload", "Uploaded"


class SignerKind(TextChoices):
    """What the text in a carrier's "received by" field really is."""

    PERSON_NAME = "person_name", "A name"
    INITIALS = "initials", "Initials"
    CODE = "code", "A code"
    NOT_REQUIRED = "not_required", "Signature not required"
    PLACEHOLDER = "placeholder", "A placeholder"
    NONE = "none", "Nothing recorded"


DELIVERED: Final = frozenset(
    {
        ParcelStatus.DELIVERED,
        ParcelStatus.DELIVERED_TO_THIRD_PARTY,
        ParcelStatus.DELIVERED_TO_PICKUP_POINT,
    }
)
"""Handed over somewhere; only on the forward leg is it a delivery."""

PHYSICAL: Final = DELIVERED | {
    ParcelStatus.IN_TRANSIT,
    ParcelStatus.OUT_FOR_DELIVERY,
    ParcelStatus.AVAILABLE_FOR_PICKUP,
    ParcelStatus.DELIVERY_ATTEMPTED,
}
"""Statuses that need the parcel in the carrier's hands; a label or an exception may come from a desk."""

SENT_BACK: Final = frozenset({ParcelStatus.RETURNING, ParcelStatus.RETURNED_TO_SENDER})
