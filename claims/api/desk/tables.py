"""Pages whose answers are nested: members, the person who asks, ladders and what is at risk, as plain rows.

Works on the answers that programs get; what words mean to a person is `page_words`' affair.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from claims.page_words import CLOCKS

_BUCKETS = {
    "overdue": "Overdue",
    "1h": "Within 1 h",
    "4h": "1 to 4 h",
    "12h": "4 to 12 h",
    "24h": "12 to 24 h",
    "later": "Later",
}
_STAGES = {"at_once": "At once", "missed": "When the window has ended"}

Rows = Sequence[Mapping[str, Any]]


def member_table(members: Rows) -> dict[str, Any]:
    """One line for each person; the name leads to the page where an owner changes him."""
    rows = [
        {
            "user": row["user"]["username"],
            "e-mail": row["user"]["email"],
            "role": row["role"],
            "on_call": row["on_call"],
            "active": row["is_active"],
            "url": row["url"],
        }
        for row in members
    ]
    columns = ["user", "e-mail", "role", "on_call", "active"]
    return {"rows": rows, "columns": columns, "link_on": "user"}


def member_facts(member: Mapping[str, Any]) -> dict[str, Any]:
    """One member, his person and his quiet hours as facts of their own."""
    table = member_table([member])
    facts = {name: table["rows"][0][name] for name in table["columns"]}
    quiet = member["quiet_hours"]
    return {
        "thing": {**facts, "seller": member["seller"], "member_since": member["created_at"]},
        "links": [(f"{member['url']}quiet-hours/", "Quiet hours" if quiet else "Set quiet hours")],
    }


def own_page(me: Mapping[str, Any]) -> dict[str, Any]:
    """Who one is, as sentences, with the ways to what is one's own."""
    sellers = [
        f"{row['name'] or row['merchant_token']} ({row['merchant_token']}) as {row['role']}"
        for row in me["sellers"]
    ]
    links = [(reverse("my-channel-list"), "Your channels"), (reverse("calendar-list"), "Your calendar")]
    links += [
        (row["quiet_hours_url"], f"Quiet hours at {row['merchant_token']}")
        for row in me["sellers"]
        if row["quiet_hours_url"]
    ]
    thing = {
        "name": me["name"],
        "e-mail": me["email"] or "–",
        "time_zone": me["time_zone"] or "that of each seller",
        "works_for": "; ".join(sellers) or "nobody yet",
        "link_code": me["link_code"],
    }
    return {"thing": thing, "links": links if sellers else []}


def ladder_rows(ladder: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One line for each stage."""
    return [
        {
            "stage": _STAGES.get(rung["stage"], f"{rung['stage']} before the target"),
            "who_hears_it": ", ".join(rung["audience"]).replace("_", " "),
            "by": ", ".join(rung["channels"]) or "every channel",
            "repeated": rung["repeats"],
        }
        for rung in ladder["rungs"]
    ]


def ladder_tables(ladders: Rows, below: str) -> dict[str, Any]:
    """A table for each kind of clock; `below` leads to the page where an owner sets another."""
    return {
        "tables": [
            {
                "title": CLOCKS.get(row["kind"], row["kind"]),
                "url": f"{below}{row['kind']}/" if below else "",
                "note": "This seller's own." if row["own"] else "The installation's.",
                "columns": ["stage", "who_hears_it", "by", "repeated"],
                "rows": ladder_rows(row),
            }
            for row in ladders
        ]
    }


def risk_table(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Sellers and currencies down, the time left across: how many clocks, and how much hangs on them."""
    rows = []
    for risk in summary["results"]:
        row = {"seller": risk["seller"], "currency": risk["currency"] or "no amount"}
        row["all"] = _counted(risk)
        rows.append(row | {_BUCKETS.get(b["bucket"], b["bucket"]): _counted(b) for b in risk["buckets"]})
    table = {"title": "", "rows": rows, "columns": list(rows[0]) if rows else []}
    return {"tables": [table], "as_of": summary["as_of"]}


def _counted(part: Mapping[str, Any]) -> str:
    if not part["count"]:
        return "–"
    return f"{part['count']} · {part['amount']}" if part["amount"] else str(part["count"])
