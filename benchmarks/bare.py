"""What a bare client does with the same posts: `python -m benchmarks.bare URL FILE`, a pooled urllib3 and no more.

FILE holds the bodies as a JSON list. Begins when a line comes in, and tells when it began and ended.
"""

import json
import sys
import time
from pathlib import Path

from urllib3 import PoolManager


def main(url: str, file: str) -> None:
    """One connection, one post after the other."""
    bodies = [body.encode() for body in json.loads(Path(file).read_text(encoding="utf-8"))]
    pools = PoolManager()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    began = time.time()
    for body in bodies:
        answer = pools.request("POST", url, body=body, headers={"Content-Type": "application/json"})
        if answer.status != 204:
            raise SystemExit(f"The sink answered {answer.status}.")
    sys.stdout.write(json.dumps({"began": began, "ended": time.time(), "posts": len(bodies)}) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
