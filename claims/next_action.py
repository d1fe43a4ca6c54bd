"""What a person should do next with a claim, as one sentence that says it and the step that it means.

Pure: everything it looks at is passed in. It advises only; what a claim takes is `claims.lifecycle`'s.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from claims.lifecycle import State
from claims.words import EvidenceKind, ReplyStatus

#: How many missing documents the sentence names.
_NAMED_AT_MOST = 2


class Step(StrEnum):
    """What a page offers as its one button."""

    PASTE_REPLY = "paste_reply"
    CHECK_REPLY = "check_reply"
    DRAFT_REPLY = "draft_reply"
    ASSEMBLE_BUNDLE = "assemble_bundle"
    ADD_EVIDENCE = "add_evidence"
    ENTER_REASON = "enter_reason"
    REPAIR_NUMBER = "repair_number"
    CHECK_DECISION = "check_decision"
    WAIT = "wait"
    REST = "rest"


@dataclass(frozen=True)
class Advice:
    """The step, and the plain imperative sentence for it."""

    step: Step
    sentence: str


_REPAIR = (
    "Repair the tracking number, here and in Seller Central: it does not fit its carrier, and unconfirmed "
    "tracking can still be repaired before delivery."
)
_WAITING = {
    State.CLOSED: Advice(Step.REST, "Do nothing; reopen the claim if Amazon does."),
    State.UNDER_REVIEW: Advice(Step.WAIT, "Wait for Amazon's decision."),
    State.APPEAL_UNDER_REVIEW: Advice(Step.WAIT, "Wait for Amazon's decision on the appeal."),
}


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
    number_misfit: bool = False


def next_action(standing: Standing) -> str:
    """The sentence alone."""
    return advise(standing).sentence


def advise(standing: Standing) -> Advice:
    """The one thing to do next. A number to be repaired comes first where nothing is asked yet, else beside."""
    if not standing.number_misfit or standing.state in (State.DECIDED, State.CLOSED):
        return _advise(standing)
    if standing.state is State.RECEIVED:
        return Advice(Step.REPAIR_NUMBER, _REPAIR)
    advice = _advise(standing)
    return Advice(advice.step, f"{advice.sentence} {_REPAIR}")


def _advise(standing: Standing) -> Advice:
    if standing.reply_status == ReplyStatus.APPROVED:
        return Advice(
            Step.PASTE_REPLY, "Paste the approved reply into Seller Central, then confirm the submission."
        )
    if standing.state in _WAITING:
        return _WAITING[standing.state]
    if standing.state is State.DECIDED:
        return _after_decision(standing)
    if not standing.has_reason:
        return Advice(Step.ENTER_REASON, "Enter the buyer's reason, so that the right evidence is asked for.")
    return _prepare(standing) if standing.state is State.RECEIVED else _answer(standing)


def _after_decision(standing: Standing) -> Advice:
    if standing.unheard:
        sentence = "Check the decision in Seller Central: no earlier notice of this claim had arrived."
        return Advice(Step.CHECK_DECISION, sentence)
    if not standing.has_appeal_clock:
        return Advice(Step.CHECK_DECISION, "Check the decision, then close the claim.")
    if standing.reply_status == ReplyStatus.DRAFT:
        return Advice(Step.CHECK_REPLY, "Add what is new to the drafted appeal and approve it.")
    return Advice(Step.DRAFT_REPLY, "Draft an appeal with new information, or concede.")


def _prepare(standing: Standing) -> Advice:
    if standing.missing:
        return Advice(Step.ADD_EVIDENCE, f"Add {_named(standing.missing)} before Amazon asks.")
    if not standing.has_bundle:
        return Advice(Step.ASSEMBLE_BUNDLE, "Assemble the bundle before Amazon asks.")
    return Advice(Step.WAIT, "Wait for Amazon's request; everything is ready.")


def _answer(standing: Standing) -> Advice:
    if standing.reply_status == ReplyStatus.DRAFT:
        if standing.missing:
            sentence = f"Add {_named(standing.missing)} if you can, then approve the drafted reply."
            return Advice(Step.CHECK_REPLY, sentence)
        return Advice(Step.CHECK_REPLY, "Check the drafted reply and approve it.")
    if standing.has_bundle:
        return Advice(Step.DRAFT_REPLY, "Draft the reply to Amazon.")
    return Advice(Step.ASSEMBLE_BUNDLE, "Assemble the bundle, then draft the reply to Amazon.")


def _named(missing: Sequence[str]) -> str:
    names = [_name(kind) for kind in missing[:_NAMED_AT_MOST]]
    more = len(missing) - len(names)
    return ", ".join(names) + (f" and {more} more" if more else "")


def _name(kind: str) -> str:
    label = EvidenceKind(kind).label if kind in EvidenceKind.values else kind.replace("_", " ")
    return label[:1].lower() + label[1:]
