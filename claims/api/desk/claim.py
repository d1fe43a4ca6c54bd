"""The page of one claim: from its detail, what stands at the top, which buttons there are, and what they do.

Works on the answer that programs get; only the jobs that go on are asked for beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from claims.api.desk.history import told
from claims.api.desk.top import Desk
from claims.lifecycle import Action, State
from claims.next_action import Advice, Standing, Step, advise
from claims.selectors.desk import jobs_going_on
from claims.words import ReplyStatus

_DRAFTS = frozenset({State.RECEIVED, State.ACTION_REQUIRED, State.DECIDED, State.APPEAL_ACTION_REQUIRED})
_OPEN_REPLY = (ReplyStatus.DRAFT, ReplyStatus.APPROVED)
_OUTCOMES = {
    Action.RECORD_DECISION: "Record Amazon's decision",
    Action.SUBMIT_APPEAL: "Record an appeal made outside",
    Action.CONCEDE: "Concede: do not fight it",
    Action.CLOSE: "Close",
    Action.REOPEN: "Take up again",
}
#: Events shown at once; the older ones fold.
RECENT = 8


@dataclass(frozen=True)
class Button:
    """A link to a form, or (`posts`) the deed itself."""

    label: str
    url: str
    posts: bool = False
    fields: Mapping[str, Any] = field(default_factory=dict)


def claim_page(view: Any, claim: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """What the template needs beside the claim itself."""
    may_write = desk.may_write(claim["seller"])
    open_reply = _last(r for r in claim["replies"] if r["status"] in _OPEN_REPLY)
    advice = advise(_standing(claim, open_reply))
    events = told(reversed(claim["events"]))
    jobs = list(jobs_going_on(claim["id"]))
    return {
        "claim": claim,
        "zone": desk.zone_of(claim["seller"]),
        "may_write": may_write,
        "is_lead": desk.is_lead(claim["seller"]),
        "advice": advice,
        "primary": _primary(claim, advice, open_reply) if may_write else None,
        "work": _work(claim, open_reply) if may_write else [],
        "outcomes": _outcomes(claim, desk) if may_write else [],
        "add_evidence": evidence_url(claim["id"]),
        "clocks": sorted(claim["deadlines"], key=lambda d: (d["seconds_left"] is None, d["target_at"])),
        "open_reply": open_reply,
        "past_replies": [r for r in reversed(claim["replies"]) if r is not open_reply],
        "bundle": _last(b for b in claim["bundles"] if b["status"] == "ready"),
        "failed_bundle": _failed(claim["bundles"]),
        "jobs": jobs,
        "events": events[:RECENT],
        "older_events": events[RECENT:],
        "new_shipment": _new_shipment(claim),
    }


def evidence_url(claim_id: int, kind: str = "") -> str:
    """The form for a file or a text."""
    url = reverse("claim-evidence", args=[claim_id]) + "?new=1"
    return f"{url}&kind={kind}" if kind else url


def claim_action(claim_id: int, verb: str) -> str:
    return reverse(f"claim-{verb.replace('_', '-')}", args=[claim_id])


def _new_shipment(claim: Mapping[str, Any]) -> str:
    known = f"&order_id={claim['order_id']}&seller_id={claim['seller']}&marketplace_id={claim['marketplace']}"
    return f"{reverse('shipment-list')}?new=1{known}"


def _last(rows: Any) -> Any:
    found = list(rows)
    return found[-1] if found else None


def _failed(bundles: list[Mapping[str, Any]]) -> Any:
    return bundles[-1] if bundles and bundles[-1]["status"] == "failed" else None


def _has_appeal_clock(claim: Mapping[str, Any]) -> bool:
    return any(d["kind"] == "appeal" and d["seconds_left"] is not None for d in claim["deadlines"])


def _standing(claim: Mapping[str, Any], open_reply: Mapping[str, Any] | None) -> Standing:
    return Standing(
        state=State(claim["state"]),
        has_reason=bool(claim["reason"]),
        missing=claim["missing"],
        reply_status=open_reply["status"] if open_reply else "",
        has_bundle=any(bundle["status"] == "ready" for bundle in claim["bundles"]),
        has_appeal_clock=_has_appeal_clock(claim),
        unheard=claim["unheard"],
        number_misfit=claim["number_misfit"],
    )


def _primary(claim: Mapping[str, Any], advice: Advice, reply: Mapping[str, Any] | None) -> Button | None:
    pk = claim["id"]
    to_reply = reverse("reply-detail", args=[reply["id"]]) if reply else ""
    end = Action.RECORD_DECISION if claim["unheard"] else Action.CLOSE
    buttons = {
        Step.PASTE_REPLY: Button("Copy the reply and confirm", to_reply),
        Step.CHECK_REPLY: Button("Check the reply", to_reply),
        Step.DRAFT_REPLY: Button(_drafting(claim), claim_action(pk, "draft_reply"), posts=True),
        Step.ASSEMBLE_BUNDLE: Button("Assemble the bundle", claim_action(pk, "assemble_bundle"), posts=True),
        Step.ADD_EVIDENCE: Button("Add evidence", evidence_url(pk, (claim["missing"] or [""])[0])),
        Step.REPAIR_NUMBER: Button("Correct the number", _misfit(claim)),
        Step.ENTER_REASON: Button("Enter the reason", reverse("claim-detail", args=[pk]) + "?edit=1"),
        Step.CHECK_DECISION: Button(_OUTCOMES[end], claim_action(pk, end.value)),
    }
    return buttons.get(advice.step)


def _misfit(claim: Mapping[str, Any]) -> str:
    """The form of the first parcel whose number does not fit."""
    found = (row["id"] for row in claim["shipments"] if row["number_check"].get("fits") is False)
    pk = next(found, None)
    return "" if pk is None else reverse("shipment-detail", args=[pk]) + "?edit=1"


def _work(claim: Mapping[str, Any], open_reply: Mapping[str, Any] | None) -> list[Button]:
    """What an agent may do at any time, or where the state has use for it."""
    pk, state = claim["id"], State(claim["state"])
    drafts = state in _DRAFTS and (state is not State.DECIDED or _has_appeal_clock(claim))
    rows = [
        Button("Assign", claim_action(pk, "assign")),
        Button("Add evidence", evidence_url(pk)),
        Button("Look for evidence again", claim_action(pk, "collect_evidence"), posts=True),
        Button("Assemble the bundle", claim_action(pk, "assemble_bundle"), posts=True),
        Button("Write a note", claim_action(pk, "note")),
        Button("Correct the facts", reverse("claim-detail", args=[pk]) + "?edit=1"),
    ]
    if any(d["seconds_left"] is not None and d["kind"] != "preparation" for d in claim["deadlines"]):
        rows.insert(0, Button("Acknowledge: I have seen it", claim_action(pk, "acknowledge"), posts=True))
    if drafts:
        label = f"{_drafting(claim)} again" if open_reply else _drafting(claim)
        rows.append(Button(label, claim_action(pk, "draft_reply"), posts=True))
    return rows


def _drafting(claim: Mapping[str, Any]) -> str:
    return "Draft the appeal" if claim["state"] == State.DECIDED.value else "Draft the reply"


def _outcomes(claim: Mapping[str, Any], desk: Desk) -> list[Button]:
    """The moves that the claim's state allows, as the answer says."""
    allowed = claim["allowed_actions"]
    rows = [
        Button(label, claim_action(claim["id"], verb.value))
        for verb, label in _OUTCOMES.items()
        if verb.value in allowed
    ]
    sent = _last(r for r in claim["replies"] if r["status"] == "submitted" and not r["retracted_at"])
    if Action.RETRACT_SUBMISSION.value in allowed and sent and desk.is_lead(claim["seller"]):
        rows.append(
            Button("Take the confirmation back", reverse("reply-retract-submission", args=[sent["id"]]))
        )
    return rows
