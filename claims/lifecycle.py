"""The life of a claim, written once: state x notice and state x action -> state.

Everything that depends on a claim's state is derived from the two tables below: what services may do,
`allowed_actions` in every claim, the database's check constraint and the diagram in the docs. The module
is pure: no models, no clock, no database. Effects that need rows (closing clocks, voiding drafts) are
named here and carried out by the services.
"""

from dataclasses import dataclass
from enum import StrEnum

from claims.words import NoticeKind


class State(StrEnum):
    RECEIVED = "received"
    ACTION_REQUIRED = "action_required"
    UNDER_REVIEW = "under_review"
    DECIDED = "decided"
    APPEAL_UNDER_REVIEW = "appeal_under_review"
    APPEAL_ACTION_REQUIRED = "appeal_action_required"
    CLOSED = "closed"


LABELS: dict[State, str] = {
    State.RECEIVED: "Received: prepare",
    State.ACTION_REQUIRED: "Action required",
    State.UNDER_REVIEW: "Under review",
    State.DECIDED: "Decided",
    State.APPEAL_UNDER_REVIEW: "Appeal under review",
    State.APPEAL_ACTION_REQUIRED: "Appeal: action required",
    State.CLOSED: "Closed",
}

BEFORE_DECISION = frozenset({State.RECEIVED, State.ACTION_REQUIRED, State.UNDER_REVIEW})
SETTLED = frozenset({State.DECIDED, State.CLOSED})
IN_APPEAL = frozenset({State.APPEAL_UNDER_REVIEW, State.APPEAL_ACTION_REQUIRED})


class Effect(StrEnum):
    """What a move does besides changing the state."""

    OPEN_PREPARATION = "open_preparation"
    OPEN_RESPONSE = "open_response"
    OPEN_APPEAL_INFORMATION = "open_appeal_information"
    OPEN_APPEAL_IF_LOST = "open_appeal_if_lost"  # a granted decision, unless funded by Amazon or by nobody
    CLOSE_PREPARATION = "close_preparation"
    MEET_APPEAL = "meet_appeal"  # the appeal was made outside: its clock is met
    END_CLOCKS = "end_clocks"  # missed if past due, else cancelled
    VOID_REPLIES = "void_replies"  # drafts and approved ones; frozen ones stay
    RECORD_DECISION = "record_decision"  # the new decision becomes the claim's
    DECISION_TO_HISTORY = "decision_to_history"
    MARK_REOPENED = "mark_reopened"
    MARK_UNHEARD = "mark_unheard"  # decided or asked before we ever heard of it: leads are told at once


@dataclass(frozen=True)
class Move:
    """One cell: the state a claim goes to (None: it stays) and what else happens."""

    to: State | None = None
    effects: frozenset[Effect] = frozenset()

    def has(self, effect: Effect) -> bool:
        return effect in self.effects


def _move(to: State | None, *effects: Effect) -> Move:
    return Move(to, frozenset(effects))


FACTS_ONLY = _move(None)
_DECIDE = _move(
    State.DECIDED, Effect.END_CLOCKS, Effect.VOID_REPLIES, Effect.RECORD_DECISION, Effect.OPEN_APPEAL_IF_LOST
)
_DECIDE_APPEAL = _move(State.DECIDED, Effect.END_CLOCKS, Effect.VOID_REPLIES, Effect.RECORD_DECISION)
_WITHDRAW = _move(State.CLOSED, Effect.END_CLOCKS, Effect.VOID_REPLIES, Effect.RECORD_DECISION)
_REOPENED = (Effect.END_CLOCKS, Effect.DECISION_TO_HISTORY, Effect.MARK_REOPENED)
_REOPEN_BY_CLAIM = _move(State.RECEIVED, *_REOPENED, Effect.OPEN_PREPARATION)
_REOPEN_BY_REQUEST = _move(State.ACTION_REQUIRED, *_REOPENED, Effect.OPEN_RESPONSE)
_ASK_IN_APPEAL = _move(State.APPEAL_ACTION_REQUIRED, Effect.OPEN_APPEAL_INFORMATION)
_ASK_AFTER_DECISION = _move(State.APPEAL_ACTION_REQUIRED, Effect.OPEN_APPEAL_INFORMATION, Effect.MEET_APPEAL)
_LATE_APPEAL_DECISION = _move(
    State.DECIDED, Effect.MEET_APPEAL, Effect.END_CLOCKS, Effect.VOID_REPLIES, Effect.RECORD_DECISION
)

#: A request that reached a decided claim late: it is recorded, its clock is created already settled.
STALE = FACTS_ONLY

#: Some letters are read as another kind where the claim stands elsewhere than the letter assumes.
_READ_AS: dict[tuple[NoticeKind, State], NoticeKind] = {
    **{(NoticeKind.INFORMATION_REQUESTED, s): NoticeKind.APPEAL_INFORMATION_REQUESTED for s in IN_APPEAL},
    **{(NoticeKind.CLAIM_DECIDED, s): NoticeKind.APPEAL_DECIDED for s in IN_APPEAL},
    **{
        (NoticeKind.APPEAL_INFORMATION_REQUESTED, s): NoticeKind.INFORMATION_REQUESTED
        for s in BEFORE_DECISION
    },
}

#: notice x state. `None` as state: there is no claim yet. Cells of _READ_AS stand under the other kind.
NOTICES: dict[NoticeKind, dict[State | None, Move]] = {
    NoticeKind.CLAIM_RECEIVED: {
        None: _move(State.RECEIVED, Effect.OPEN_PREPARATION),
        State.RECEIVED: FACTS_ONLY,
        State.ACTION_REQUIRED: FACTS_ONLY,
        State.UNDER_REVIEW: FACTS_ONLY,
        State.DECIDED: _REOPEN_BY_CLAIM,
        State.CLOSED: _REOPEN_BY_CLAIM,
        State.APPEAL_UNDER_REVIEW: FACTS_ONLY,
        State.APPEAL_ACTION_REQUIRED: FACTS_ONLY,
    },
    NoticeKind.INFORMATION_REQUESTED: {
        None: _move(State.ACTION_REQUIRED, Effect.OPEN_RESPONSE),
        State.RECEIVED: _move(State.ACTION_REQUIRED, Effect.CLOSE_PREPARATION, Effect.OPEN_RESPONSE),
        State.ACTION_REQUIRED: _move(State.ACTION_REQUIRED, Effect.OPEN_RESPONSE),
        State.UNDER_REVIEW: _move(State.ACTION_REQUIRED, Effect.OPEN_RESPONSE),
        State.DECIDED: _REOPEN_BY_REQUEST,
        State.CLOSED: _REOPEN_BY_REQUEST,
    },
    NoticeKind.CLAIM_DECIDED: {
        None: Move(State.DECIDED, _DECIDE.effects | {Effect.MARK_UNHEARD}),
        State.RECEIVED: _DECIDE,
        State.ACTION_REQUIRED: _DECIDE,
        State.UNDER_REVIEW: _DECIDE,
        State.DECIDED: _DECIDE,
        State.CLOSED: _DECIDE,
    },
    NoticeKind.CLAIM_WITHDRAWN: {
        None: _WITHDRAW,
        **dict.fromkeys(State, _WITHDRAW),
    },
    NoticeKind.APPEAL_INFORMATION_REQUESTED: {
        None: Move(State.APPEAL_ACTION_REQUIRED, _ASK_IN_APPEAL.effects | {Effect.MARK_UNHEARD}),
        State.DECIDED: _ASK_AFTER_DECISION,
        State.CLOSED: _ASK_AFTER_DECISION,
        State.APPEAL_UNDER_REVIEW: _ASK_IN_APPEAL,
        State.APPEAL_ACTION_REQUIRED: _ASK_IN_APPEAL,
    },
    NoticeKind.APPEAL_DECIDED: {
        None: Move(State.DECIDED, _DECIDE_APPEAL.effects | {Effect.MARK_UNHEARD}),
        State.RECEIVED: _DECIDE_APPEAL,
        State.ACTION_REQUIRED: _DECIDE_APPEAL,
        State.UNDER_REVIEW: _DECIDE_APPEAL,
        State.DECIDED: _LATE_APPEAL_DECISION,
        State.CLOSED: _LATE_APPEAL_DECISION,
        State.APPEAL_UNDER_REVIEW: _DECIDE_APPEAL,
        State.APPEAL_ACTION_REQUIRED: _DECIDE_APPEAL,
    },
}

#: Once a claim was decided these kinds count only when newer than its current decision.
_STALE_WHEN_NOT_NEWER = frozenset(
    {NoticeKind.CLAIM_RECEIVED, NoticeKind.INFORMATION_REQUESTED, NoticeKind.CLAIM_DECIDED}
)
#: These only when it was the appeal that was decided: a first decision says nothing of the appeal's letters.
_STALE_AFTER_APPEAL = frozenset({NoticeKind.APPEAL_INFORMATION_REQUESTED, NoticeKind.APPEAL_DECIDED})


def read_as(kind: NoticeKind, state: State | None) -> NoticeKind:
    """The kind a letter has for a claim in `state`: Amazon's wording does not tell a claim from its appeal."""
    return _READ_AS.get((kind, state), kind) if state is not None else kind


def is_stale(kind: NoticeKind, state: State | None, *, newer: bool, appeal_decided: bool = False) -> bool:
    """Whether the letter was overtaken: a decision is there already, and the letter is not newer than it."""
    overtaken = _STALE_WHEN_NOT_NEWER | (_STALE_AFTER_APPEAL if appeal_decided else frozenset())
    return state in SETTLED | IN_APPEAL and kind in overtaken and not newer


def on_notice(kind: NoticeKind, state: State | None, *, newer: bool, appeal_decided: bool = False) -> Move:
    """What a letter of `kind` does to a claim in `state`.

    `newer`: the letter is later than the claim's current decision (always true without a decision).
    `appeal_decided`: that decision is the appeal's own.
    """
    stale = is_stale(kind, state, newer=newer, appeal_decided=appeal_decided)
    return STALE if stale else NOTICES[read_as(kind, state)][state]


class Action(StrEnum):
    CONFIRM_SUBMISSION = "confirm_submission"
    SUBMIT_APPEAL = "submit_appeal"
    RECORD_DECISION = "record_decision"
    CONCEDE = "concede"
    RETRACT_SUBMISSION = "retract_submission"
    CLOSE = "close"
    REOPEN = "reopen"


#: action x state -> state. A missing cell is refused with 409.
ACTIONS: dict[Action, dict[State, State]] = {
    Action.CONFIRM_SUBMISSION: {
        State.ACTION_REQUIRED: State.UNDER_REVIEW,
        State.DECIDED: State.APPEAL_UNDER_REVIEW,
        State.APPEAL_ACTION_REQUIRED: State.APPEAL_UNDER_REVIEW,
    },
    Action.SUBMIT_APPEAL: {State.DECIDED: State.APPEAL_UNDER_REVIEW},
    Action.RECORD_DECISION: {state: State.DECIDED for state in State if state is not State.CLOSED},
    Action.CONCEDE: {
        State.ACTION_REQUIRED: State.UNDER_REVIEW,
        State.APPEAL_ACTION_REQUIRED: State.APPEAL_UNDER_REVIEW,
        State.DECIDED: State.CLOSED,
    },
    Action.RETRACT_SUBMISSION: {
        State.UNDER_REVIEW: State.ACTION_REQUIRED,
        State.APPEAL_UNDER_REVIEW: State.APPEAL_ACTION_REQUIRED,  # an appeal itself goes back to decided
    },
    Action.CLOSE: {State.DECIDED: State.CLOSED},
    Action.REOPEN: {State.CLOSED: State.DECIDED},
}

#: Which state a reply of each kind answers.
ANSWERED_FROM: dict[str, State] = {
    "answer": State.ACTION_REQUIRED,
    "appeal": State.DECIDED,
    "appeal_information": State.APPEAL_ACTION_REQUIRED,
}

#: Actions that need an appeal clock when the claim is decided.
_NEED_APPEAL_CLOCK = frozenset({Action.CONFIRM_SUBMISSION, Action.SUBMIT_APPEAL})


#: Where a claim waits that was given up: a lead may take that back by reopening, and there is nothing to retract.
_TAKEN_BACK: dict[State, State] = {
    State.UNDER_REVIEW: State.ACTION_REQUIRED,
    State.APPEAL_UNDER_REVIEW: State.APPEAL_ACTION_REQUIRED,
}


def allowed_actions(state: State, *, has_appeal_clock: bool, conceded: bool = False) -> list[str]:
    """The actions that a claim in `state` takes, in the order of the table.

    `has_appeal_clock`: the claim has an appeal clock that is open, or missed and unanswered. `conceded`: it
    waits for Amazon's word because it was given up, not because something was submitted.
    """
    given_up = conceded and state in _TAKEN_BACK
    refused = set() if has_appeal_clock or state is not State.DECIDED else set(_NEED_APPEAL_CLOCK)
    refused |= {Action.RETRACT_SUBMISSION} if given_up else set()
    return [
        action.value
        for action, cells in ACTIONS.items()
        if (state in cells and action not in refused) or (given_up and action is Action.REOPEN)
    ]


def taken_back(state: State) -> State | None:
    """Where a claim goes back to whose conceding is taken back; None where there is nothing to take back."""
    return _TAKEN_BACK.get(state)


def target(action: Action, state: State) -> State | None:
    """The state that `action` leads to from `state`; None where it is refused."""
    return ACTIONS[action].get(state)
