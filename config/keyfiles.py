"""Secrets of an embedded installation: made once in DATA_DIR, readable by their owner only.

An outside database brings its own secrets by environment; checks.py refuses to start without them.
"""

import contextlib
import os
import tempfile
from pathlib import Path


def read_or_make(path: Path, fresh: str) -> str:
    """The file's text; a missing file is written with `fresh` first, whole or not at all.

    Two processes that start together agree: the first link wins and both read it.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(fresh + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink(missing_ok=True)
    return path.read_text(encoding="utf-8").strip()
