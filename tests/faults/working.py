"""The beginning of every fault: the house works, warnings become due, some have arrived."""

from tests.faults.installation import Installation, Watch, eventually
from tests.faults.receiver import Behaviour, taking
from tests.faults.sizes import Size


def begun(house: Installation, watch: Watch, size: Size, *, pace: Behaviour | None = None) -> None:
    """Starts what does not run yet and returns in the middle of the work."""
    house.receiver.behaviour = pace or taking(0.002)
    house.start(*({"web", "worker", "beat"} - house.programs.keys()))
    eventually(lambda: watch.status() == 200, "the engine has begun", within_seconds=90)
    house.fill(size.count, ahead_seconds=1, over_seconds=size.over_seconds)
    eventually(
        lambda: len(house.receiver.taken) >= size.at,
        f"{size.at} warnings have arrived",
        within_seconds=60,
    )
