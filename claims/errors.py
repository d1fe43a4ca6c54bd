"""What can be refused in the life of a claim, in words that say what to do instead."""

from accounts.errors import Conflict
from claims.lifecycle import LABELS, State


class ActionRefused(Conflict):
    """The claim's state does not take this action; `allowed_actions` says what it takes."""

    default_code = "action_not_allowed"

    def __init__(
        self, action: str, *, state: str, allowed: list[str], code: str = "", detail: str = ""
    ) -> None:
        named = ", ".join(allowed) or "none"
        super().__init__(
            detail
            or f"A claim that is «{LABELS[State(state)]}» does not take {action}. Allowed now: {named}.",
            code=code,
            extra={"state": state, "allowed_actions": allowed},
        )


class NoticeConflict(Conflict):
    """The same notice id came with other content: both are kept, the first one counts."""

    default_code = "notice_conflict"
    default_detail = (
        "This notice_id was used before with other content. Both are kept; "
        "send a corrected letter under an id of its own."
    )
