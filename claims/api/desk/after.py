"""Where a person finds himself after a form was taken, and what the page says then. Programs get the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from claims.selectors.desk import claims_of_order
from claims.templatetags.desk import word


@dataclass(frozen=True)
class Next:
    """The page to go on with, and what has happened."""

    url: str
    message: str


def next_after(view: Any, answer: Mapping[str, Any]) -> Next | None:
    """None where the answer itself is what must be seen: keys shown once, results of a bulk."""
    builder = _AFTER.get((getattr(view, "basename", ""), getattr(view, "action", "")))
    return builder(view, answer) if builder is not None else None


def claim_url(pk: Any, part: str = "") -> str:
    return reverse("claim-detail", args=[pk]) + (f"#{part}" if part else "")


def _claim(message: str) -> Callable[[Any, Mapping[str, Any]], Next]:
    def build(view: Any, answer: Mapping[str, Any]) -> Next:
        state = answer.get("state")
        said = f"{message} The claim is now: {word(state, 'state')}." if state else message
        return Next(claim_url(view.kwargs["pk"]), said)

    return build


def _part(message: str, part: str) -> Callable[[Any, Mapping[str, Any]], Next]:
    return lambda view, answer: Next(claim_url(view.kwargs["pk"], part), message)


def _reply(message: str) -> Callable[[Any, Mapping[str, Any]], Next]:
    return lambda view, answer: Next(reverse("reply-detail", args=[answer["id"]]), message)


def _back_from_reply(message: str) -> Callable[[Any, Mapping[str, Any]], Next]:
    return lambda view, answer: Next(claim_url(answer["claim"]), message)


def _letter(view: Any, answer: Mapping[str, Any]) -> Next:
    claim = answer.get("claim")
    if claim:
        message = f"The letter is taken in. The claim is now: {word(claim['state'], 'state')}."
        return Next(claim_url(claim["id"]), message)
    message = f"The letter is kept. Its status: {word(answer['status'], 'notice_status')}."
    return Next(reverse("notice-detail", args=[answer["id"]]), message)


def _clock(message: str) -> Callable[[Any, Mapping[str, Any]], Next]:
    def build(view: Any, answer: Mapping[str, Any]) -> Next:
        if answer.get("claim"):
            return Next(claim_url(answer["claim"], "clocks"), message)
        if answer.get("notice"):
            return Next(reverse("notice-detail", args=[answer["notice"]]), message)
        return Next(reverse("deadline-list"), message)

    return build


def _shipment(message: str) -> Callable[[Any, Mapping[str, Any]], Next]:
    def build(view: Any, answer: Mapping[str, Any]) -> Next:
        said = " ".join(part for part in (message, answer.get("number_note")) if part)
        return _parcel(view, answer["seller"], answer["order_id"], answer["id"], said)

    return build


def _tracking(view: Any, answer: Mapping[str, Any]) -> Next:
    kept = {
        "read": f"The answer is read: {answer['events_added']} new events.",
        "not_found": "The answer is kept: the carrier does not find this number.",
        "other_parcel": "The answer is kept, but it is about another parcel; nothing was taken from it.",
        "unsupported": "The answer is kept; nothing can be read from this provider yet.",
        "error_answer": "The answer is kept: it is an error of the carrier's service.",
    }
    parcel = view.get_object()
    message = kept.get(answer["status"], f"The answer is kept: {answer['status']}.")
    return _parcel(view, parcel.seller.merchant_token, parcel.order_id, parcel.pk, message)


def _parcel(view: Any, seller: str, order_id: str, pk: int, message: str) -> Next:
    claim = claims_of_order(view.caller, seller_token=seller, order_id=order_id).first()
    if claim is not None:
        return Next(claim_url(claim.pk, "shipments"), message)
    return Next(reverse("shipment-detail", args=[pk]), message)


def _drafted(view: Any, answer: Mapping[str, Any]) -> Next:
    return Next(reverse("reply-detail", args=[answer["id"]]), "Here is the draft. Check it, then approve it.")


def _again(name: str, message: str) -> Callable[[Any, Mapping[str, Any]], Next]:
    """The page of what was changed, which the view's own address names."""
    return lambda view, answer: Next(reverse(name, kwargs=view.kwargs), message)


_AFTER: Mapping[tuple[str, str], Callable[[Any, Mapping[str, Any]], Next]] = {
    ("me", "change"): _again("me-list", "Your time zone is saved."),
    ("seller", "change_member"): _again("seller-member", "The member is changed."),
    ("ladder", "partial_update"): _again("ladder-detail", "The ladder is set."),
    ("ladder", "reset"): _again("ladder-detail", "The installation's ladder counts again."),
    ("claim", "partial_update"): _claim("The facts are corrected."),
    ("claim", "assign"): _claim("Assigned."),
    ("claim", "acknowledge"): _claim("Acknowledged: these warnings do not repeat."),
    ("claim", "note"): _part("The note is in the history.", "history"),
    ("claim", "concede"): _claim("Conceded; its clocks are stopped."),
    ("claim", "close"): _claim("Closed."),
    ("claim", "reopen"): _claim("Taken up again."),
    ("claim", "record_decision"): _claim("The decision is recorded."),
    ("claim", "add_evidence"): _part("The evidence is kept.", "evidence"),
    ("claim", "collect_evidence"): _part("Evidence is up to date.", "checklist"),
    ("claim", "assemble_bundle"): _part("The documents are made, or being made now.", "bundle"),
    ("claim", "draft_reply"): _drafted,
    ("claim", "submit_appeal"): _back_from_reply("The appeal is recorded."),
    ("reply", "partial_update"): _reply("The text is changed. Approve it when it is right."),
    ("reply", "approve"): _reply("Approved. Now paste it into Seller Central, then confirm here."),
    ("reply", "confirm_submission"): _back_from_reply("Confirmed. What was sent is frozen with its hashes."),
    ("reply", "retract_submission"): _back_from_reply("Taken back; the clocks run again."),
    ("notice", "create"): _letter,
    ("notice", "mail"): _letter,
    ("notice", "resolve"): _letter,
    ("deadline", "move"): _clock("The clock is set; warnings of the old date are void."),
    ("deadline", "cancel"): _clock("The clock is stopped."),
    ("shipment", "create"): _shipment("The parcel is known now."),
    ("shipment", "partial_update"): _shipment("The parcel is corrected."),
    ("shipment", "record"): _tracking,
}
