#!/bin/sh
# `make tour`: an empty installation in a temporary folder and on a free port, docs/tour.sh on it, and away with it.
set -eu
HOUSE=$(cd "$(dirname "$0")/../.." && pwd)
PYTHON=${PYTHON:-$HOUSE/.venv/bin/python}
WORK=$(mktemp -d)
chmod 755 "$WORK" # the embedded server of a root runs as another user
unset DATABASE_URL DATABASE_URL_FILE REDIS_URL REDIS_URL_FILE BASE_URL
PORT=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export PYTHON PORT DATA_DIR="$WORK/var" BASE="http://127.0.0.1:$PORT"

"$PYTHON" "$HOUSE/manage.py" start --no-demo >"$WORK/log" 2>&1 &
RUNNING=$!
finish() {
    code=$?
    trap - EXIT
    kill -TERM "$RUNNING" 2>/dev/null || true
    wait "$RUNNING" || true
    [ "$code" = 0 ] || tail -n 40 "$WORK/log" >&2
    rm -rf "$WORK"
    exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

until curl -sf -o "$WORK/live" "$BASE/health/live"; do
    kill -0 "$RUNNING" 2>/dev/null || { echo "The installation did not start." >&2; exit 1; }
    sleep 0.2
done
KEY=$("$PYTHON" "$HOUSE/manage.py" create_api_key --seller A1TOUR --create-seller --scopes all)
export KEY
sh "$HOUSE/docs/tour.sh"
