"""The first table of the design, by hand: what each letter makes of a claim in each state.

The claims are those of `situations` with an open draft beside; the letter is of MONDAY + 40 h, or of 9 h where
it is older than the decision (of 10 h). Both a decision and an appeal's decision here say: granted, the seller
pays. Nothing here is read from the product's own table.
"""

from tests.claims.situations import Picture

_ANSWERED = "response met"
_SENT = "answer submitted"
_APPEALED = ("response met", "appeal met")
_APPEAL_SENT = ("answer submitted", "appeal submitted")

#: The claims before the letter, as they should be found.
BEFORE: dict[str, Picture] = {
    "received": Picture("received", ("preparation open",), replies=("answer draft",)),
    "action_required": Picture("action_required", ("response open",), replies=("answer draft",)),
    "under_review": Picture("under_review", (_ANSWERED,), replies=(_SENT, "answer draft")),
    "decided": Picture(
        "decided", (_ANSWERED, "appeal open"), ("granted current",), replies=(_SENT, "appeal draft")
    ),
    "closed": Picture(
        "closed", (_ANSWERED, "appeal cancelled"), ("granted current",), replies=(_SENT, "appeal void")
    ),
    "appeal_under_review": Picture(
        "appeal_under_review", _APPEALED, ("granted current",),
        replies=(*_APPEAL_SENT, "appeal_information draft"),
    ),
    "appeal_action_required": Picture(
        "appeal_action_required", (*_APPEALED, "appeal_information open"), ("granted current",),
        replies=(*_APPEAL_SENT, "appeal_information draft"),
    ),
}  # fmt: skip

#: Letters that are newer than any decision.
NEWER: dict[tuple[str, str], Picture] = {
    ("claim_received", "none"): Picture("received", ("preparation open",)),
    ("claim_received", "received"): BEFORE["received"],
    ("claim_received", "action_required"): BEFORE["action_required"],
    ("claim_received", "under_review"): BEFORE["under_review"],
    ("claim_received", "decided"): Picture(
        "received", (_ANSWERED, "appeal cancelled", "preparation open"), ("granted past",), ("reopened",),
        (_SENT, "appeal draft"),
    ),
    ("claim_received", "closed"): Picture(
        "received", (_ANSWERED, "appeal cancelled", "preparation open"), ("granted past",), ("reopened",),
        (_SENT, "appeal void"),
    ),
    ("claim_received", "appeal_under_review"): BEFORE["appeal_under_review"],
    ("claim_received", "appeal_action_required"): BEFORE["appeal_action_required"],

    ("information_requested", "none"): Picture("action_required", ("response open",)),
    ("information_requested", "received"): Picture(
        "action_required", ("preparation cancelled", "response open"), replies=("answer draft",)
    ),
    ("information_requested", "action_required"): Picture(
        "action_required", ("response open", "response open"), replies=("answer draft",)
    ),
    ("information_requested", "under_review"): Picture(
        "action_required", (_ANSWERED, "response open"), replies=(_SENT, "answer draft")
    ),
    ("information_requested", "decided"): Picture(
        "action_required", (_ANSWERED, "appeal cancelled", "response open"), ("granted past",),
        ("reopened",), (_SENT, "appeal draft"),
    ),
    ("information_requested", "closed"): Picture(
        "action_required", (_ANSWERED, "appeal cancelled", "response open"), ("granted past",),
        ("reopened",), (_SENT, "appeal void"),
    ),
    ("information_requested", "appeal_under_review"): Picture(
        "appeal_action_required", (*_APPEALED, "appeal_information open"), ("granted current",), (),
        (*_APPEAL_SENT, "appeal_information draft"),
    ),
    ("information_requested", "appeal_action_required"): Picture(
        "appeal_action_required", (*_APPEALED, "appeal_information open", "appeal_information open"),
        ("granted current",), (), (*_APPEAL_SENT, "appeal_information draft"),
    ),

    ("claim_decided", "none"): Picture("decided", ("appeal open",), ("granted current",), ("unheard",)),
    ("claim_decided", "received"): Picture(
        "decided", ("preparation cancelled", "appeal open"), ("granted current",), (), ("answer void",)
    ),
    ("claim_decided", "action_required"): Picture(
        "decided", ("response cancelled", "appeal open"), ("granted current",), (), ("answer void",)
    ),
    ("claim_decided", "under_review"): Picture(
        "decided", (_ANSWERED, "appeal open"), ("granted current",), (), (_SENT, "answer void")
    ),
    ("claim_decided", "decided"): Picture(
        "decided", (_ANSWERED, "appeal cancelled", "appeal open"), ("granted past", "granted current"), (),
        (_SENT, "appeal void"),
    ),
    ("claim_decided", "closed"): Picture(
        "decided", (_ANSWERED, "appeal cancelled", "appeal open"), ("granted past", "granted current"), (),
        (_SENT, "appeal void"),
    ),
    ("claim_decided", "appeal_under_review"): Picture(
        "decided", _APPEALED, ("granted past", "granted appeal current"), (),
        (*_APPEAL_SENT, "appeal_information void"),
    ),
    ("claim_decided", "appeal_action_required"): Picture(
        "decided", (*_APPEALED, "appeal_information cancelled"), ("granted past", "granted appeal current"),
        (), (*_APPEAL_SENT, "appeal_information void"),
    ),

    ("claim_withdrawn", "none"): Picture("closed", (), ("withdrawn current",)),
    ("claim_withdrawn", "received"): Picture(
        "closed", ("preparation cancelled",), ("withdrawn current",), (), ("answer void",)
    ),
    ("claim_withdrawn", "action_required"): Picture(
        "closed", ("response cancelled",), ("withdrawn current",), (), ("answer void",)
    ),
    ("claim_withdrawn", "under_review"): Picture(
        "closed", (_ANSWERED,), ("withdrawn current",), (), (_SENT, "answer void")
    ),
    ("claim_withdrawn", "decided"): Picture(
        "closed", (_ANSWERED, "appeal cancelled"), ("granted past", "withdrawn current"), (),
        (_SENT, "appeal void"),
    ),
    ("claim_withdrawn", "closed"): Picture(
        "closed", (_ANSWERED, "appeal cancelled"), ("granted past", "withdrawn current"), (),
        (_SENT, "appeal void"),
    ),
    ("claim_withdrawn", "appeal_under_review"): Picture(
        "closed", _APPEALED, ("granted past", "withdrawn current"), (),
        (*_APPEAL_SENT, "appeal_information void"),
    ),
    ("claim_withdrawn", "appeal_action_required"): Picture(
        "closed", (*_APPEALED, "appeal_information cancelled"), ("granted past", "withdrawn current"), (),
        (*_APPEAL_SENT, "appeal_information void"),
    ),

    ("appeal_information_requested", "none"): Picture(
        "appeal_action_required", ("appeal_information open",), (), ("unheard",)
    ),
    ("appeal_information_requested", "received"): Picture(
        "action_required", ("preparation cancelled", "response open"), replies=("answer draft",)
    ),
    ("appeal_information_requested", "action_required"): Picture(
        "action_required", ("response open", "response open"), replies=("answer draft",)
    ),
    ("appeal_information_requested", "under_review"): Picture(
        "action_required", (_ANSWERED, "response open"), replies=(_SENT, "answer draft")
    ),
    ("appeal_information_requested", "decided"): Picture(
        "appeal_action_required", (*_APPEALED, "appeal_information open"), ("granted current",), (),
        (_SENT, "appeal draft"),
    ),
    ("appeal_information_requested", "closed"): Picture(
        "appeal_action_required", (*_APPEALED, "appeal_information open"), ("granted current",), (),
        (_SENT, "appeal void"),
    ),
    ("appeal_information_requested", "appeal_under_review"): Picture(
        "appeal_action_required", (*_APPEALED, "appeal_information open"), ("granted current",), (),
        (*_APPEAL_SENT, "appeal_information draft"),
    ),
    ("appeal_information_requested", "appeal_action_required"): Picture(
        "appeal_action_required", (*_APPEALED, "appeal_information open", "appeal_information open"),
        ("granted current",), (), (*_APPEAL_SENT, "appeal_information draft"),
    ),

    ("appeal_decided", "none"): Picture("decided", (), ("granted appeal current",), ("unheard",)),
    ("appeal_decided", "received"): Picture(
        "decided", ("preparation cancelled",), ("granted appeal current",), (), ("answer void",)
    ),
    ("appeal_decided", "action_required"): Picture(
        "decided", ("response cancelled",), ("granted appeal current",), (), ("answer void",)
    ),
    ("appeal_decided", "under_review"): Picture(
        "decided", (_ANSWERED,), ("granted appeal current",), (), (_SENT, "answer void")
    ),
    ("appeal_decided", "decided"): Picture(
        "decided", _APPEALED, ("granted past", "granted appeal current"), (), (_SENT, "appeal void")
    ),
    ("appeal_decided", "closed"): Picture(
        "decided", _APPEALED, ("granted past", "granted appeal current"), (), (_SENT, "appeal void")
    ),
    ("appeal_decided", "appeal_under_review"): Picture(
        "decided", _APPEALED, ("granted past", "granted appeal current"), (),
        (*_APPEAL_SENT, "appeal_information void"),
    ),
    ("appeal_decided", "appeal_action_required"): Picture(
        "decided", (*_APPEALED, "appeal_information cancelled"), ("granted past", "granted appeal current"),
        (), (*_APPEAL_SENT, "appeal_information void"),
    ),
}  # fmt: skip
