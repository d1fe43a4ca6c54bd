"""Which page shows which answer. A page is a template and what it needs beside the answer itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse

from claims.api.desk.claim import claim_page
from claims.api.desk.tables import ladder_tables, member_facts, member_table, own_page, risk_table
from claims.api.desk.top import Desk
from claims.intake.orders import order_ids
from claims.lifecycle import LABELS
from claims.selectors.desk import claims_of_order
from claims.words import NoticeStatus, ReplyStatus

FOLDER = "claims/desk/"


@dataclass(frozen=True)
class Page:
    """A template of `claims/desk/` with its context."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """A filter that is one click: the address with it, and whether it is on."""

    label: str
    url: str
    is_on: bool


def page_of(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    """The page of a good answer to GET."""
    wanted = "new" if "new" in request.query_params else "edit" if "edit" in request.query_params else ""
    action = getattr(view, "action", "") or ""
    if wanted or action == "show_form":
        return Page("form.html")
    builder = _PAGES.get((getattr(view, "basename", ""), action))
    if builder is not None:
        return builder(view, request, answer, desk)
    return generic_page(view, request, answer, desk)


def generic_page(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    """Rows as a table, one thing as a list of its facts."""
    rows = answer.get("results") if isinstance(answer, Mapping) else answer
    if isinstance(rows, list):
        return Page("rows.html", {"rows": rows, "columns": _columns(rows)})
    return Page("thing.html", {"thing": answer})


def _columns(rows: list[Any]) -> list[str]:
    first = rows[0] if rows and isinstance(rows[0], Mapping) else {}
    return [name for name, value in first.items() if not isinstance(value, Mapping) and name != "url"][:9]


def _queue(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    given = request.query_params
    kept = {name: value for name, value in given.items() if name not in ("search", "cursor")}
    return Page(
        "queue.html",
        {
            "quick": [
                _everything(given),
                _choice("Mine", given, assignee="me"),
                _choice("Nobody's", given, assignee="none"),
                _choice("Overdue", given, overdue="true"),
                _choice("Due within 6 h", given, due_within="6h"),
            ],
            "states": [_choice(label, given, state=state.value) for state, label in LABELS.items()],
            "search": given.get("search", ""),
            "kept": kept,
            "is_filtered": any(name not in ("cursor", "page_size", "ordering", "format") for name in given),
        },
    )


def _everything(given: QueryDict) -> Choice:
    is_on = not any(name in given for name in ("assignee", "overdue", "due_within", "state", "search"))
    return Choice("Everything", reverse("claim-list"), is_on)


def _choice(label: str, given: QueryDict, **wanted: str) -> Choice:
    """Clicking an active one takes it away again."""
    asked = given.copy()
    asked.pop("cursor", None)
    is_on = all(given.get(name) == value for name, value in wanted.items())
    for name, value in wanted.items():
        if is_on:
            asked.pop(name, None)
        else:
            asked[name] = value
    return Choice(label, f"?{asked.urlencode()}" if asked else "?", is_on)


def _claim(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    return Page("claim.html", claim_page(view, answer, desk))


def _reply(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    claim = view.found.claim
    seller = claim.seller
    return Page(
        "reply.html",
        {
            "reply": answer,
            "claim": claim,
            "zone": desk.zone_of(seller.merchant_token),
            "may_write": desk.may_write(seller.merchant_token),
            "is_lead": desk.is_lead(seller.merchant_token),
            "is_open": answer["status"] in (ReplyStatus.DRAFT, ReplyStatus.APPROVED),
            "length_limit": seller.answer_max_length,
        },
    )


def _letters(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    given = request.query_params
    statuses = [_choice(label, given, status=value) for value, label in NoticeStatus.choices]
    everything = Choice("All letters", reverse("notice-list"), "status" not in given)
    return Page(
        "letters.html",
        {"states": [everything, *statuses], "only_waiting": given.get("status") == NoticeStatus.NEEDS_PERSON},
    )


def _letter(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    return Page(
        "letter.html",
        {
            "letter": answer,
            "zone": desk.zone_of(answer["seller"]),
            "may_write": desk.may_write(answer["seller"]),
            "waits": answer["status"] in (NoticeStatus.NEEDS_PERSON, NoticeStatus.CONFLICT),
            "candidates": candidates(answer, desk),
        },
    )


def candidates(letter: Mapping[str, Any], desk: Desk) -> list[Any]:
    """Claims that the letter may be about: those on the orders it names."""
    if letter["claim"] is not None:
        return []
    named = dict.fromkeys([letter["order_id"], *order_ids(f"{letter['subject']} {letter['text']}")])
    orders = [order for order in named if order][:3]
    return [
        claim
        for order in orders
        for claim in claims_of_order(desk.caller, seller_token=letter["seller"], order_id=order)[:3]
    ]


def _warnings(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    given = request.query_params
    everything = Choice("Everyone's", reverse("warning-list"), "mine" not in given)
    sent = _choice("Only what went out", given, status="sent")
    return Page("warnings.html", {"quick": [_choice("Sent to me", given, mine="true"), everything, sent]})


def _bundle(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    return Page("bundle.html", {"bundle": answer})


def _clocks(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    given = request.query_params
    quick = [
        Choice("All clocks", reverse("deadline-list"), not given),
        _choice("Open", given, status="open"),
        _choice("Missed", given, status="missed"),
        _choice("Due within 6 h", given, due_within="6h"),
    ]
    return Page("clocks.html", {"quick": quick})


_PARTS = ("members", "keys", "channels", "rota", "policies", "ladders", "sources", "tracking-endpoints")


def _seller(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    pk, below = answer["id"], request.path
    links = [(f"{below}{part}/", part.replace("-", " ").capitalize()) for part in _PARTS]
    return Page("thing.html", {"thing": answer, "links": links if desk.caller.is_owner(pk) else []})


def _shipments(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    return Page("shipments.html", {"order_id": request.query_params.get("order_id", "")})


def _shipment(view: Any, request: Any, answer: Any, desk: Desk) -> Page:
    claim = claims_of_order(desk.caller, seller_token=answer["seller"], order_id=answer["order_id"]).first()
    return Page(
        "shipment.html",
        {
            "parcel": answer,
            "claim": claim,
            "zone": desk.zone_of(answer["seller"]),
            "may_write": desk.may_write(answer["seller"]),
        },
    )


_Builder = Callable[[Any, Any, Any, Desk], Page]
_PAGES: Mapping[tuple[str, str], _Builder] = {
    ("claim", "list"): _queue,
    ("claim", "retrieve"): _claim,
    ("reply", "retrieve"): _reply,
    ("notice", "list"): _letters,
    ("notice", "retrieve"): _letter,
    ("warning", "list"): _warnings,
    ("bundle", "retrieve"): _bundle,
    ("deadline", "list"): _clocks,
    ("seller", "retrieve"): _seller,
    ("seller", "members"): lambda view, request, answer, desk: Page(
        "rows.html", member_table(answer["results"])
    ),
    ("seller", "member"): lambda view, request, answer, desk: Page("thing.html", member_facts(answer)),
    ("me", "show"): lambda view, request, answer, desk: Page("thing.html", own_page(answer)),
    ("ladder", "list"): lambda view, request, answer, desk: Page(
        "tables.html", ladder_tables(answer, request.path)
    ),
    ("ladder", "retrieve"): lambda view, request, answer, desk: Page(
        "tables.html", ladder_tables([answer], "")
    ),
    ("risk", "list"): lambda view, request, answer, desk: Page("tables.html", risk_table(answer)),
    ("shipment", "list"): _shipments,
    ("shipment", "retrieve"): _shipment,
}
