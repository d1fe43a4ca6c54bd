"""What pages and buttons are called, and what a person is told when something was refused."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

_LISTS = {
    "claim": "Claims",
    "notice": "Letters",
    "warning": "Warnings",
    "deadline": "Clocks",
    "shipment": "Shipments",
    "seller": "Sellers",
    "seller-channel": "Channels for warnings",
    "my-channel": "Your own channels",
    "source": "Sources of tracking",
    "tracking-endpoint": "Addresses that sources send to",
}
_VERBS = {
    ("notice", "create"): "New letter",
    ("notice", "mail"): "New letter from a saved mail",
    ("notice", "resolve"): "Say where this letter belongs",
    ("shipment", "create"): "New parcel",
    ("shipment", "partial_update"): "Correct a parcel",
    ("shipment", "record"): "Post tracking",
    ("shipment", "tracking"): "Tracking",
    ("claim", "add_evidence"): "Add evidence",
    ("claim", "evidence"): "Evidence",
    ("claim", "partial_update"): "Correct the facts",
    ("claim", "collect_evidence"): "Look for evidence again",
    ("claim", "bulk"): "Several claims at once",
    ("claim", "note"): "Write a note",
    ("claim", "concede"): "Concede: do not fight it",
    ("claim", "reopen"): "Take up again",
    ("reply", "partial_update"): "Edit the reply",
    ("reply", "approve"): "Approve the reply",
    ("reply", "confirm_submission"): "Confirm the submission",
    ("reply", "retract_submission"): "Take the confirmation back",
    ("deadline", "move"): "Set a clock to the true date",
    ("deadline", "cancel"): "Stop a clock",
    ("ladder", "partial_update"): "Set this seller's own ladder",
    ("ladder", "list"): "Ladders",
    ("risk", "list"): "What is at risk",
    ("policy", "list"): "Policies",
    ("policy", "create"): "Switch a window on or off",
    ("me", "show"): "You",
    ("me", "change"): "Your time zone",
    ("seller", "create"): "Add a seller",
    ("seller", "partial_update"): "Change the settings",
    ("seller", "add_member"): "Add a member",
    ("seller", "create_key"): "Make a key",
    ("seller-channel", "create"): "Add a channel",
    ("my-channel", "create"): "Add a channel of your own",
    ("channel", "partial_update"): "Change the channel",
    ("channel", "renew_secret"): "Replace the signing secret",
    ("channel-test", "create"): "Send a test message",
    ("source", "create"): "Add a source",
    ("source", "partial_update"): "Change the source",
    ("source", "test"): "Test the credentials",
    ("source", "history"): "History of sources",
    ("tracking-endpoint", "create"): "Make an address",
    ("tracking-endpoint", "retire"): "Close the address",
}
_BUTTONS = {
    ("notice", "create"): "Take the letter in",
    ("notice", "mail"): "Take the mail in",
    ("shipment", "create"): "Save the parcel",
    ("shipment", "record"): "Save and read the answer",
    ("claim", "add_evidence"): "Keep this evidence",
    ("claim", "note"): "Write it down",
    ("claim", "record_decision"): "Record the decision",
    ("claim", "concede"): "Concede",
    ("reply", "approve"): "Approve",
    ("reply", "confirm_submission"): "I pasted and submitted it",
    ("reply", "retract_submission"): "Take it back",
    ("deadline", "move"): "Set the clock",
    ("deadline", "cancel"): "Stop the clock",
}
_EXPLAINED = {
    (
        "notice",
        "create",
    ): "Type the letter in as Amazon wrote it. It finds its claim by the order, or makes a new one, "
    "and its clock starts at the moment Amazon sent it. What you do not know yet may stay empty.",
    (
        "notice",
        "mail",
    ): "Hand in a mail that you saved as a file (.eml). What cannot be read for certain waits for a "
    "person; what is no matter of a claim is kept aside.",
    ("shipment", "create"): "A parcel of this order. The same number again adds to what is known.",
    (
        "shipment",
        "record",
    ): "Hand in what the carrier says, as it came: it is kept unchanged, and status, delivery "
    "and recipient are read from it. An answer about another parcel is kept and changes nothing.",
    (
        "claim",
        "add_evidence",
    ): "Hand in a file (PDF, JPEG, PNG, text or a saved mail) or type a text. It goes into the "
    "next bundle, which is made by itself.",
    (
        "claim",
        "partial_update",
    ): "Correct what is known about the claim. Its state moves by letters and actions only.",
    ("claim", "bulk"): "One action on up to 200 claims, each for itself.",
    (
        "reply",
        "partial_update",
    ): "The text is saved as a new revision; an approved text becomes a draft again.",
}
_GRAVE = frozenset({"concede", "retract_submission", "cancel", "revoke", "retire"})
_ADVICE: Mapping[int, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: ("This cannot be read", "Go back and correct what is named here."),
    HTTPStatus.UNAUTHORIZED: ("Please sign in", "This page is for people who have signed in."),
    HTTPStatus.FORBIDDEN: (
        "This is not for your role",
        "Ask a lead or an owner of this seller to do it, or to give you the role for it.",
    ),
    HTTPStatus.NOT_FOUND: (
        "There is nothing here",
        "It does not exist, or it belongs to a seller you do not work for. Look for it in the queue.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: ("This cannot be opened", "Go back to where you came from."),
    HTTPStatus.CONFLICT: (
        "Not in this state",
        "Somebody or something was faster, or the claim does not take this now. Look at it again before you go on.",
    ),
    HTTPStatus.PRECONDITION_FAILED: ("It has changed meanwhile", "Open it again and look at what changed."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("This is too large", "Hand in a smaller file, or split it."),
    HTTPStatus.TOO_MANY_REQUESTS: ("Too many attempts", "Wait a little, then try again."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Not available just now", "Nothing was changed. Try again in a moment."),
}
_UNKNOWN = ("This did not work", "Go back and try again.")


def heading_of(view: Any, found: Any) -> str:
    """What the page is about, in few words."""
    basename, action = getattr(view, "basename", ""), _verb(view, getattr(view, "action", "") or "")
    known = _VERBS.get((basename, action)) if basename else "Everything there is"
    if known is not None:
        return known
    if action == "list":
        return _LISTS.get(basename, _named(view))
    if action in ("retrieve", ""):
        pk = getattr(found, "pk", None) or getattr(view, "kwargs", {}).get("pk", "")
        return f"{_named(view)} {pk}".strip()
    return action.replace("_", " ").capitalize()


def button_of(view: Any, action: str) -> str:
    """What the button of a form says: the deed, never «Submit»."""
    key = (getattr(view, "basename", ""), action)
    if key in _BUTTONS:
        return _BUTTONS[key]
    if action in ("partial_update", "change", "change_member"):
        return "Save the changes"
    return _VERBS.get(key) or action.replace("_", " ").capitalize()


def explained(basename: str, action: str) -> str:
    """A sentence for the person at the form, where the view's own is written for programs."""
    return _EXPLAINED.get((basename, action), "")


def is_grave(action: str) -> bool:
    """Whether one should think before clicking."""
    return action in _GRAVE


def said_of(status: int, problem: Any) -> tuple[str, str]:
    """A heading and what to do."""
    heading, advice = _ADVICE.get(status, _UNKNOWN)
    if isinstance(problem, Mapping) and problem.get("code") == "stale_revision":
        return "Somebody was faster", "The text has a newer revision. Open it again; yours was not saved."
    return heading, advice


def _named(view: Any) -> str:
    return str(view.get_view_name()).removesuffix(" List").removesuffix(" Instance")


def _verb(view: Any, action: str) -> str:
    return getattr(view, "action_map", {}).get("post", action) if action == "show_form" else action


def counted(problem: Mapping[str, Any]) -> str:
    """What a refused form says above its fields: each fault stands at its own."""
    places = {fault["pointer"] for fault in problem.get("errors", [])}
    if len(places) < 2:
        return str(problem["detail"])
    return f"{len(places)} fields need a correction; they are marked below."
