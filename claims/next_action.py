"""What a person should do next with a claim, as one sentence that says it.

Pure: everything it looks at is passed in. It advises only; what a claim takes is `claims.lifecycle`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.lifecycle import State
from claims.words import EvidenceKind, ReplyStatus

#: How many missing documents the sentence names.
_NAMED_AT_MOST = 2


@dataclass(frozen=True)
class Standing:
    """What the advice depends on. `reply_status`: of the open reply, empty without one."""

    state: State
    has_reason: bool
    missing: Sequence[str]
    reply_status: str
    has_bundle: bool
    has_appeal_clock: bool
    unheard: bool = False


def next_action(standing: Standing) -> str:
    """One plain imperative sentence."""
    if standing.reply_status == ReplyStatus.APPROVED:
        return "Paste the approved reply into Seller Central, then confirm the submission."
    if standing.state is State.CLOSED:
        return "Do nothing; reopen the claim if Amazon does."
    if standing.state is State.UNDER_REVIEW:
        return "Wait for Amazon's decision."
    if standing.state is State.APPEAL_UNDER_REVIEW:
        return "Wait for Amazon's decision on the appeal."
    if standing.state is State.DECIDED:
        return _after_decision(standing)
    if not standing.has_reason:
        return "Enter the buyer's reason, so that the right evidence is asked for."
    return _prepare(standing) if standing.state is State.RECEIVED else _answer(standing)


def _after_decision(standing: Standing) -> str:
    if standing.unheard:
        return "Check the decision in Seller Central: no earlier notice of this claim had arrived."
    if not standing.has_appeal_clock:
        return "Check the decision, then close the claim."
    if standing.reply_status == ReplyStatus.DRAFT:
        return "Add what is new to the drafted appeal and approve it."
    return "Draft an appeal with new information, or concede."


def _prepare(standing: Standing) -> str:
    if standing.missing:
        return f"Add {_named(standing.missing)} before Amazon asks."
    if not standing.has_bundle:
        return "Assemble the bundle before Amazon asks."
    return "Wait for Amazon's request; everything is ready."


def _answer(standing: Standing) -> str:
    if standing.reply_status == ReplyStatus.DRAFT:
        if standing.missing:
            return f"Add {_named(standing.missing)} if you can, then approve the drafted reply."
        return "Check the drafted reply and approve it."
    if standing.has_bundle:
        return "Draft the reply to Amazon."
    return "Assemble the bundle, then draft the reply to Amazon."


def _named(missing: Sequence[str]) -> str:
    names = [_name(kind) for kind in missing[:_NAMED_AT_MOST]]
    more = len(missing) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _name(kind: str) -> str:
    label = EvidenceKind(kind).label if kind in EvidenceKind.values else kind.replace("_", " ")
    return label[:1].lower() + label[1:]
