"""The ways that lead on from a page: back to what it belongs to, to the actions that are open, to the words.

Addresses only; whether one may go there is the views' affair.
"""

import inspect
from collections.abc import Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse

from claims.api.desk.titles import explained


def explanation_of(view: Any, action: str) -> str:
    """The docstring of the view's method, else of the view: it is written for the person who reads it here."""
    if action == "show_form":
        action = getattr(view, "action_map", {}).get("post", action)
    if known := explained(getattr(view, "basename", ""), action):
        return known
    text = inspect.getdoc(getattr(view, action, None)) if action else None
    own = getattr(type(view), action, None) if action else None
    is_ours = own is not None and not str(getattr(own, "__module__", "")).startswith("rest_framework")
    return (text if is_ours else None) or inspect.getdoc(view) or ""


def way_back(view: Any) -> tuple[str, str] | None:
    """Address and name of the page above this one."""
    found = getattr(view, "found", None)
    basename, pk = getattr(view, "basename", ""), getattr(view, "kwargs", {}).get("pk")
    try:
        is_form = "edit" in view.request.query_params or _action(view) != "retrieve"
        if basename == "claim" and pk and is_form:
            return reverse("claim-detail", args=[pk]), "Back to claim"
        claim_id = getattr(found, "claim_id", None)
        if claim_id and basename != "notice":
            return reverse("claim-detail", args=[claim_id]), "Back to claim"
        if basename and pk:
            return _parent(basename, pk, view)
    except NoReverseMatch:
        return None
    return None


def _parent(basename: str, pk: Any, view: Any) -> tuple[str, str]:
    if _action(view) not in ("retrieve", "partial_update") or "edit" in view.request.query_params:
        return reverse(f"{basename}-detail", args=[pk]), "Back"
    return reverse(f"{basename}-list"), "Queue" if basename == "claim" else "Back to the list"


def ways_on(view: Any, problem: Any) -> list[tuple[str, str]]:
    """The actions that the claim's state takes, as links."""
    allowed = problem.get("allowed_actions", []) if isinstance(problem, Mapping) else []
    found = getattr(view, "found", None)
    pk = (
        view.kwargs.get("pk")
        if getattr(view, "basename", "") == "claim"
        else getattr(found, "claim_id", None)
    )
    links = []
    for action in allowed:
        try:
            links.append((reverse(f"claim-{action.replace('_', '-')}", args=[pk]), action.replace("_", " ")))
        except NoReverseMatch:  # done on the reply, which the claim's page leads to
            continue
    return links


def _action(view: Any) -> str:
    return getattr(view, "action", None) or ""
