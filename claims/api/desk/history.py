"""The facts of a claim's events as a person reads them: names in place of ids, words in place of flags."""

from collections.abc import Iterable, Mapping
from typing import Any

from claims.selectors.desk import names_of_people

_PEOPLE = ("before", "assignee")


def told(events: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The same events; names are looked up only where somebody was assigned."""
    rows = [dict(event) for event in events]
    assigned = [row for row in rows if row["verb"] == "assign"]
    ids = {row["facts"].get(part) for row in assigned for part in _PEOPLE} - {None}
    names = names_of_people(ids) if ids else {}
    for row in rows:
        row["facts"] = _assigned(row["facts"], names) if row["verb"] == "assign" else _plain(row["facts"])
    return rows


def _assigned(facts: Mapping[str, Any], names: Mapping[int, str]) -> dict[str, Any]:
    shown = {"to": names.get(facts.get("assignee") or 0, "nobody")}
    before = names.get(facts.get("before") or 0)
    return {**shown, "before": before} if before else shown


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    shown = dict(facts)
    if "partial" in shown:
        shown["contents"] = "not everything that is asked for" if shown.pop("partial") else "everything"
    if isinstance(shown.get("changed"), Mapping):
        changed = shown.pop("changed")
        shown |= {name: _change(pair) for name, pair in changed.items()}
    return shown


def _change(pair: Any) -> Any:
    """`late, before: not_received` for the two values of a change."""
    if not isinstance(pair, list) or len(pair) != 2:
        return pair
    old, new = ("nothing" if each in (None, "") else str(each) for each in pair)
    return f"{new} (before: {old})"
