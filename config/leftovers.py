"""Finds and ends what a killed `manage.py start` left behind: processes that carry our mark in their environment."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

MARK = "ATOZ_CLAIMS_HOUSE"


def marked(value: str) -> set[int]:
    """Ids of the living processes whose environment has our mark with this value; never our own."""
    wanted = f"{MARK}={value}"
    if sys.platform == "linux":
        found = {pid for pid in all_ids() if wanted.encode() in environment_of(pid)}
    else:
        listing = subprocess.run(
            ["ps", "axeww", "-o", "pid=,command="], capture_output=True, text=True, check=False
        )
        lines = [line.split() for line in listing.stdout.splitlines()]
        found = {int(words[0]) for words in lines if words and wanted in words}
    return found - {os.getpid()}


def all_ids() -> list[int]:
    """Every process id (Linux)."""
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]


def environment_of(pid: int) -> list[bytes]:
    """`NAME=value` entries; none for another user's process or one that has just ended (Linux)."""
    try:
        return Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return []


def send(pids: set[int], what: signal.Signals) -> None:
    """Signal those that still live."""
    for pid in pids:
        try:
            os.kill(pid, what)
        except ProcessLookupError:
            continue


def end_marked(value: str, patience_seconds: float = 5) -> int:
    """End them, first politely; return how many there were."""
    first = marked(value)
    send(first, signal.SIGTERM)
    end = time.monotonic() + patience_seconds
    while (rest := marked(value)) and time.monotonic() < end:
        time.sleep(0.1)
    while rest := marked(value):
        send(rest, signal.SIGKILL)
        time.sleep(0.05)
    return len(first)
