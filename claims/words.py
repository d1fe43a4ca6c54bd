"""The words of the domain, once: reasons, kinds of notice and evidence, the three axes of an outcome.

Pure vocabulary, no rules and no models. The states and actions of a claim stand in `lifecycle`,
the kinds of clock in `deadlines`.
"""

from django.db.models import TextChoices


class Reason(TextChoices):
    NOT_RECEIVED = "not_received", "Not received"
    DELIVERED_NOT_RECEIVED = "delivered_not_received", "Tracking says delivered, buyer says not"
    LATE = "late", "Received late"
    NOT_AS_DESCRIBED = "not_as_described", "Not as described, damaged or wrong"
    RETURN_NOT_REFUNDED = "return_not_refunded", "Returned, not refunded"
    RETURN_REFUSED = "return_refused", "Return refused or impossible"
    EXTRA_CHARGE = "extra_charge", "Extra charge (customs and the like)"
    CANCELLED = "cancelled", "Order cancelled"
    OTHER = "other", "Other"


class NoticeKind(TextChoices):
    CLAIM_RECEIVED = "claim_received", "Claim received (no answer asked yet)"
    INFORMATION_REQUESTED = "information_requested", "Information requested: answer now"
    CLAIM_DECIDED = "claim_decided", "Claim decided"
    CLAIM_WITHDRAWN = "claim_withdrawn", "Claim withdrawn by the buyer"
    APPEAL_INFORMATION_REQUESTED = "appeal_information_requested", "Information requested in an appeal"
    APPEAL_DECIDED = "appeal_decided", "Appeal decided"


DECIDED_KINDS = frozenset({NoticeKind.CLAIM_DECIDED, NoticeKind.APPEAL_DECIDED})
REQUEST_KINDS = frozenset({NoticeKind.INFORMATION_REQUESTED, NoticeKind.APPEAL_INFORMATION_REQUESTED})


class NoticeStatus(TextChoices):
    PROCESSED = "processed", "Processed"
    NEEDS_PERSON = "needs_person", "Needs a person"
    CONFLICT = "conflict", "Conflict: same id, other content"
    UNRELATED = "unrelated", "Unrelated"
    RESOLVED = "resolved", "Resolved by a person"


class DecisionOutcome(TextChoices):
    DENIED = "denied", "Denied: the seller keeps the money"
    GRANTED = "granted", "Granted to the buyer"
    WITHDRAWN = "withdrawn", "Withdrawn by the buyer"
    REFUNDED_BY_SELLER = "refunded_by_seller", "Refunded by the seller"
    CANCELLED = "cancelled", "Cancelled"


class FundedBy(TextChoices):
    AMAZON = "amazon", "Amazon"
    SELLER = "seller", "Seller"
    NONE = "none", "Nobody"
    UNKNOWN = "unknown", "Unknown"


class CountsInOdr(TextChoices):
    YES = "yes", "Yes"
    NO = "no", "No"
    UNKNOWN = "unknown", "Unknown"


class LossReason(TextChoices):
    """Why a claim was lost; append only, so that figures of past years keep their meaning."""

    NO_ANSWER_IN_TIME = "no_answer_in_time", "No answer in time"
    NO_VALID_TRACKING = "no_valid_tracking", "No valid tracking"
    NO_SIGNATURE = "no_signature", "Delivered without signature"
    DELIVERED_ELSEWHERE = "delivered_elsewhere", "Proof names another place"
    DELIVERED_AFTER_CLAIM = "delivered_after_claim", "Delivered after the claim"
    SHIPPED_LATE = "shipped_late", "Shipped after the ship-by date"
    RETURN_NOT_OFFERED = "return_not_offered", "No valid return offered"
    REFUND_NOT_ISSUED = "refund_not_issued", "Refund not issued in time"
    NOT_AS_DESCRIBED = "not_as_described", "Item not as described"
    BUYER_NOT_ANSWERED = "buyer_not_answered", "Buyer's message not answered in time"
    RECORDED_UNANSWERED = "recorded_unanswered", "Answered, but recorded as not answered"
    UNSTATED = "unstated", "Amazon gave no reason"
    OTHER = "other", "Other"


class EvidenceKind(TextChoices):
    DISPATCH = "dispatch", "Dispatch"
    TRACKING = "tracking", "Tracking"
    PROOF_OF_DELIVERY = "proof_of_delivery", "Carrier's proof of delivery"
    SIGNATURE = "signature", "Signature"
    DELIVERY_PHOTO = "delivery_photo", "Delivery photo"
    DELIVERY_ADDRESS = "delivery_address", "Buyer's delivery address"
    CARRIER_DETAILS = "carrier_details", "Carrier details"
    CORRESPONDENCE = "correspondence", "Correspondence with the buyer"
    BUYER_ACKNOWLEDGEMENT = "buyer_acknowledgement", "Buyer acknowledges receipt or satisfaction"
    RETURN_ADDRESS = "return_address", "Domestic return address"
    RETURN_LABEL = "return_label", "Return label"
    RETURN_OFFER = "return_offer", "Return offer"
    RETURN_REFUSAL_REASON = "return_refusal_reason", "Why the return was refused"
    RETURN_TRACKING = "return_tracking", "Return tracking"
    REFUND = "refund", "Refund"
    BUY_SHIPPING_LABEL = "buy_shipping_label", "Buy Shipping label"
    LISTING = "listing", "Listing"
    PRODUCT_PHOTO = "product_photo", "Product photo"
    INVOICE = "invoice", "Invoice"
    SUBMISSION_SCREENSHOT = "submission_screenshot", "Screenshot of the submission"
    OTHER = "other", "Other"


class ReplyKind(TextChoices):
    ANSWER = "answer", "Answer to Amazon's request"
    APPEAL = "appeal", "Appeal"
    APPEAL_INFORMATION = "appeal_information", "Answer in an appeal"


class ReplyStatus(TextChoices):
    DRAFT = "draft", "Draft"
    APPROVED = "approved", "Approved"
    SUBMITTED = "submitted", "Submitted"
    VOID = "void", "Void"
