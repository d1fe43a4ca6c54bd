"""Runs a command that ends when its starter ends: `python launch.py STARTER_PID COMMAND…`.

Linux sends SIGTERM at the starter's death; elsewhere the next start finds what was left by its mark.
Standard library only, and quick: it stands before every child of the supervisor.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1

if __name__ == "__main__":
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(sys.argv[1]):  # it died before the line above
        sys.exit(0)
    os.execv(sys.argv[2], sys.argv[2:])  # noqa: S606 - the supervisor's own command
