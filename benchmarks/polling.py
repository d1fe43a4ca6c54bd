"""The plan of asking for many parcels: one query to read, one pure rule, one statement to write.

    python -m benchmarks.polling [--parcels 10000]

Gives the measuring (`planning.py`) an embedded PostgreSQL in a temporary folder, and takes both away again.
"""

import sys

from benchmarks.lists import measured

if __name__ == "__main__":
    sys.exit(measured("benchmarks.planning", "bench-polling"))
