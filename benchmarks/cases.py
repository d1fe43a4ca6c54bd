"""The lists that are measured: every one, in every order, and by filters that find many rows or few."""

from dataclasses import dataclass

API = "/api/v1"
LEA = 2  # the pk of somebody with many claims
RARE_TEXT, COMMON_TEXT = "blue bicycle", "never arrived"


@dataclass(frozen=True)
class Case:
    """One list as somebody asks for it: alice of one seller, omar of three, or ACME's key."""

    name: str
    path: str
    who: str = "alice"


def cases() -> list[Case]:
    """Every list, in every order, and by every filter that finds many or few."""
    queue = f"{API}/claims/"
    states = ["received", "action_required", "under_review", "decided", "closed", "appeal_under_review"]
    orders = ["queue", "target_by", "amount", "opened_at"]
    filters = {
        **{f"state={state}": f"state={state}" for state in states},
        "two states": "state=action_required&state=appeal_action_required",
        "two settled states": "state=decided&state=closed",
        "due_within=6h": "due_within=6h",
        "overdue": "overdue=true",
        "not overdue": "overdue=false",
        "assignee=me (60 claims)": "assignee=me",
        "assignee=none": "assignee=none",
        "assignee=lea, closed": f"assignee={LEA}&state=closed",
        "reason": "reason=late",
        "reason (60 claims)": "reason=extra_charge",
        "marketplace": "marketplace=A1VC38T7YXB528",
        "marketplace (60 claims)": "marketplace=A39IBJ37TRP1C6",
        "seller": "seller=A1SELLER",
        "order id": "order_id={order}",
        "search: order id": "search={order}",
        "search: end of an order id": "search={order_end}",
        "search: tracking number": "search={number}",
        "search: beginning of a number": "search={number_start}",
        "search: rare words": f"search={RARE_TEXT}",
        "search: common words": f"search={COMMON_TEXT}",
    }
    return [
        *(
            Case(f"claims by {sign}{name}", f"{queue}?ordering={sign}{name}")
            for name in orders
            for sign in ("", "-")
        ),
        Case("claims, a page half way", f"{queue}?ordering=-opened_at&cursor={{cursor}}"),
        *(Case(f"claims {name}", f"{queue}?{query}") for name, query in filters.items()),
        Case("claims by a key", queue, who="key"),
        Case("claims of three sellers", queue, who="omar"),
        Case("claims of three sellers, closed", f"{queue}?state=closed", who="omar"),
        Case("notices", f"{API}/notices/"),
        Case("notices needs_person", f"{API}/notices/?status=needs_person"),
        Case("notices of an order", f"{API}/notices/?order_id={{order}}"),
        Case("notices of three sellers", f"{API}/notices/", who="omar"),
        Case("deadlines", f"{API}/deadlines/"),
        Case("deadlines open", f"{API}/deadlines/?status=open"),
        Case("deadlines missed", f"{API}/deadlines/?status=missed"),
        Case("deadlines due_within=6h", f"{API}/deadlines/?due_within=6h"),
        Case("deadlines kind=appeal_information", f"{API}/deadlines/?kind=appeal_information"),
        Case("deadlines of three sellers", f"{API}/deadlines/", who="omar"),
        Case("warnings", f"{API}/warnings/"),
        Case("warnings sent", f"{API}/warnings/?status=sent"),
        Case("warnings failed (60)", f"{API}/warnings/?status=failed"),
        Case("warnings stage=4h", f"{API}/warnings/?stage=4h"),
        Case("warnings stage=missed (60)", f"{API}/warnings/?stage=missed"),
        Case("warnings mine (60)", f"{API}/warnings/?mine=true"),
        Case("warnings of three sellers", f"{API}/warnings/", who="omar"),
        Case("shipments", f"{API}/shipments/"),
        Case("shipments unknown", f"{API}/shipments/?status=unknown"),
        Case("shipments exception (60)", f"{API}/shipments/?status=exception"),
        Case("shipments of an order", f"{API}/shipments/?order_id={{order}}"),
        Case("shipments by number", f"{API}/shipments/?tracking_number={{number}}"),
        Case("shipments of three sellers", f"{API}/shipments/", who="omar"),
    ]
