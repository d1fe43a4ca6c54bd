"""The tables as pure rules, against expectations written by hand; every cell changed in turn must be noticed."""

from collections.abc import Iterator

import pytest

from claims import lifecycle
from claims.lifecycle import Action, Effect, Move, State, allowed_actions, is_stale, on_notice, target
from claims.words import NoticeKind
from tests.claims.situations import STATES

_DECIDE = "decided: end_clocks open_appeal_if_lost record_decision void_replies"
_DECIDE_APPEAL = "decided: end_clocks record_decision void_replies"
_WITHDRAW = "closed: end_clocks record_decision void_replies"
_FACTS = "stays:"
_REQUEST = "action_required: open_response"
_REQUEST_PREPARED = "action_required: close_preparation open_response"
_REOPEN = "action_required: decision_to_history end_clocks mark_reopened open_response"
_REOPEN_RECEIVED = "received: decision_to_history end_clocks mark_reopened open_preparation"
_ASK = "appeal_action_required: open_appeal_information"
_ASK_OUTSIDE = "appeal_action_required: meet_appeal open_appeal_information"

#: Columns: none, received, action_required, under_review, decided, closed, appeal_under_review,
#: appeal_action_required; for letters newer than any decision.
NOTICES: dict[str, list[str]] = {
    "claim_received": [
        "received: open_preparation", _FACTS, _FACTS, _FACTS, _REOPEN_RECEIVED, _REOPEN_RECEIVED, _FACTS, _FACTS,
    ],
    "information_requested": [
        _REQUEST, _REQUEST_PREPARED, _REQUEST, _REQUEST, _REOPEN, _REOPEN, _ASK, _ASK,
    ],
    "claim_decided": [
        "decided: end_clocks mark_unheard open_appeal_if_lost record_decision void_replies",
        _DECIDE, _DECIDE, _DECIDE, _DECIDE, _DECIDE, _DECIDE_APPEAL, _DECIDE_APPEAL,
    ],
    "claim_withdrawn": [_WITHDRAW] * 8,
    "appeal_information_requested": [
        "appeal_action_required: mark_unheard open_appeal_information",
        _REQUEST_PREPARED, _REQUEST, _REQUEST, _ASK_OUTSIDE, _ASK_OUTSIDE, _ASK, _ASK,
    ],
    "appeal_decided": [
        "decided: end_clocks mark_unheard record_decision void_replies",
        _DECIDE_APPEAL, _DECIDE_APPEAL, _DECIDE_APPEAL,
        "decided: end_clocks meet_appeal record_decision void_replies",
        "decided: end_clocks meet_appeal record_decision void_replies",
        _DECIDE_APPEAL, _DECIDE_APPEAL,
    ],
}  # fmt: skip

#: action → state it is taken in → state it leads to; everything else is refused.
ACTIONS: dict[str, dict[str, str]] = {
    "confirm_submission": {
        "action_required": "under_review",
        "decided": "appeal_under_review",
        "appeal_action_required": "appeal_under_review",
    },
    "submit_appeal": {"decided": "appeal_under_review"},
    "record_decision": {
        "received": "decided",
        "action_required": "decided",
        "under_review": "decided",
        "decided": "decided",
        "appeal_under_review": "decided",
        "appeal_action_required": "decided",
    },
    "concede": {
        "action_required": "under_review",
        "decided": "closed",
        "appeal_action_required": "appeal_under_review",
    },
    "retract_submission": {
        "under_review": "action_required",
        "appeal_under_review": "appeal_action_required",
    },
    "close": {"decided": "closed"},
    "reopen": {"closed": "decided"},
}


def said(move: Move) -> str:
    return f"{move.to or 'stays'}: {' '.join(sorted(move.effects))}".strip()


def wrong_notice_cells() -> list[tuple[str, str]]:
    """The cells in which the product's table and the one above differ."""
    return [
        (kind, state)
        for kind, row in NOTICES.items()
        for state, expected in zip(["none", *STATES], row, strict=True)
        if said(on_notice(NoticeKind(kind), None if state == "none" else State(state), newer=True))
        != expected
    ]


def wrong_action_cells() -> list[tuple[str, str]]:
    return [
        (action.value, state)
        for action in Action
        for state in STATES
        if target(action, State(state)) != ACTIONS[action.value].get(state)
    ]


def other_moves(move: Move) -> Iterator[Move]:
    """Every move that differs in its state, or in one effect."""
    yield from (Move(to, move.effects) for to in [None, *State] if to != move.to)
    yield from (Move(move.to, move.effects ^ {effect}) for effect in Effect)


def test_the_tables_say_what_is_written_here() -> None:
    assert [state.value for state in State] == [
        "received", "action_required", "under_review", "decided", "appeal_under_review",
        "appeal_action_required", "closed",
    ]  # fmt: skip
    assert set(STATES) == set(State)
    assert wrong_notice_cells() == []
    assert set(ACTIONS) == {action.value for action in Action}
    assert wrong_action_cells() == []


def test_changing_any_cell_of_the_notice_table_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = 0
    for row in lifecycle.NOTICES.values():
        for state, move in list(row.items()):
            for other in other_moves(move):
                monkeypatch.setitem(row, state, other)
                assert wrong_notice_cells(), (state, other)
                changed += 1
            monkeypatch.setitem(row, state, move)
    assert changed > 500
    assert wrong_notice_cells() == []


def test_reading_a_letter_as_another_kind_is_noticed_when_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    for cell in list(lifecycle._READ_AS):
        with monkeypatch.context() as patch:
            patch.setitem(lifecycle._READ_AS, cell, NoticeKind.CLAIM_WITHDRAWN)
            assert wrong_notice_cells() == [(cell[0].value, cell[1].value)]


def test_changing_any_cell_of_the_action_table_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for cells in lifecycle.ACTIONS.values():
        for state in State:
            for other in State:
                if cells.get(state) != other:
                    with monkeypatch.context() as patch:
                        patch.setitem(cells, state, other)
                        assert wrong_action_cells(), (state, other)
            if state in cells:
                with monkeypatch.context() as patch:
                    patch.delitem(cells, state)
                    assert wrong_action_cells(), state


#: Which letters a decision overtakes that is not older than they are.
@pytest.mark.parametrize(
    ("kind", "by_a_decision", "by_an_appeals_decision"),
    [
        ("claim_received", True, True),
        ("information_requested", True, True),
        ("claim_decided", True, True),
        ("claim_withdrawn", False, False),
        ("appeal_information_requested", False, True),
        ("appeal_decided", False, True),
    ],
)
@pytest.mark.parametrize("state", STATES)
def test_a_decision_overtakes_what_is_not_newer(
    kind: str, by_a_decision: bool, by_an_appeals_decision: bool, state: str
) -> None:
    has_decision = state in ("decided", "closed", "appeal_under_review", "appeal_action_required")
    args = (NoticeKind(kind), State(state))
    assert is_stale(*args, newer=False) == (has_decision and by_a_decision)
    assert is_stale(*args, newer=False, appeal_decided=True) == (has_decision and by_an_appeals_decision)
    assert not is_stale(*args, newer=True, appeal_decided=True)
    if has_decision and by_a_decision:
        assert said(on_notice(*args, newer=False)) == _FACTS


def test_what_is_allowed_follows_the_state_and_the_appeal_clock() -> None:
    allowed = {state.value: allowed_actions(state, has_appeal_clock=True) for state in State}
    assert allowed == {
        "received": ["record_decision"],
        "action_required": ["confirm_submission", "record_decision", "concede"],
        "under_review": ["record_decision", "retract_submission"],
        "decided": ["confirm_submission", "submit_appeal", "record_decision", "concede", "close"],
        "appeal_under_review": ["record_decision", "retract_submission"],
        "appeal_action_required": ["confirm_submission", "record_decision", "concede"],
        "closed": ["reopen"],
    }
    without = allowed_actions(State.DECIDED, has_appeal_clock=False)
    assert without == ["record_decision", "concede", "close"]
