"""Writes docs/states.md from `claims/lifecycle.py`, so that the page cannot say anything else than the code.

.venv/bin/python -m docs.make_states > docs/states.md
"""

import sys

from claims.lifecycle import ACTIONS, LABELS, NOTICES, Move, State, read_as
from claims.words import NoticeKind

_HEAD = """# States

Written by `python -m docs.make_states` from `claims/lifecycle.py`. Every cell is held by
`tests/claims/test_notice_table.py` and `test_action_table.py`, whose expectations are written by hand.

"""


def page() -> str:
    """The whole page: a diagram, the two tables, what the effects mean."""
    return "\n".join(
        [_HEAD + _diagram(), "## Letter × state", "", _notices(), "## Action × state", "", _actions()]
    )


def _diagram() -> str:
    arrows: dict[tuple[str, str], list[str]] = {}
    for kind, cells in NOTICES.items():
        for state, move in cells.items():
            if move.to is not None and move.to != state:
                arrows.setdefault((state.value if state else "[*]", move.to.value), []).append(kind.value)
    for action, targets in ACTIONS.items():
        for state, to in targets.items():
            if state != to:
                arrows.setdefault((state.value, to.value), []).append(action.value)
    lines = [f"    {a} --> {b}: {', '.join(dict.fromkeys(names))}" for (a, b), names in arrows.items()]
    return "```mermaid\nstateDiagram-v2\n" + "\n".join(lines) + "\n```\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _notices() -> str:
    states: list[State | None] = [None, *State]
    head = [
        _row(["letter", *("none" if s is None else s.value for s in states)]),
        _row(["---"] * (len(states) + 1)),
    ]
    rows = [_row([kind.value, *(_cell(kind, state) for state in states)]) for kind in NoticeKind]
    note = (
        "A letter that is not newer than the claim's current decision is stale where it could only reopen or "
        "repeat: it is recorded, its clock is created cancelled, no state changes.\n"
    )
    return "\n".join([*head, *rows, "", note])


def _cell(kind: NoticeKind, state: State | None) -> str:
    other = read_as(kind, state)
    if other != kind:
        return f"read as {other.value}"
    return _said(NOTICES[kind][state])


def _said(move: Move) -> str:
    effects = ", ".join(sorted(effect.value for effect in move.effects))
    to = f"→ {move.to.value}" if move.to is not None else "stays"
    return f"{to}: {effects}" if effects else to


def _actions() -> str:
    head = [_row(["action", *(LABELS[s] for s in State)]), _row(["---"] * (len(State) + 1))]
    rows = [
        _row([action.value, *(f"→ {to.value}" if (to := cells.get(state)) else "409" for state in State)])
        for action, cells in ACTIONS.items()
    ]
    note = (
        "Submitting an appeal needs its clock, open or missed. Retracting an appeal leads back to `decided`. A reply "
        "that leaves a later request unanswered is frozen, and the claim stays `action_required`.\n"
    )
    return "\n".join([*head, *rows, "", note])


if __name__ == "__main__":
    sys.stdout.write(page())
