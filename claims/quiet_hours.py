"""Whether a warning may wait until somebody's quiet hours are over. Pure.

Quiet is for what can wait: a stage is put off only where the next one still lies ahead when the quiet ends,
and never one of the last two before the target, nor `missed`. Where quiet hours are kept is accounts' affair,
putting the moment into a delivery the outbox's.
"""

from collections.abc import Sequence
from datetime import datetime

from accounts.daily_windows import DailyWindow
from claims.ladder import MISSED, Moment

#: So many stages before the target are heard at any hour.
NEVER_QUIET = 2


def delayed_until(
    stage_moments: Sequence[Moment], index: int, quiet: DailyWindow | None, now: datetime
) -> datetime | None:
    """When the stage at `index` may go out that would go out `now`; None: now.

    `stage_moments` are those of the clock, the least urgent first, as `ladder.moments` gives them.
    """
    if quiet is None or stage_moments[index].rung.stage == MISSED:
        return None
    countdown = [place for place, each in enumerate(stage_moments) if each.rung.stage != MISSED]
    if index in countdown[-NEVER_QUIET:]:
        return None
    until = quiet.end_after(now)
    return until if until is not None and until < stage_moments[index + 1].at else None
