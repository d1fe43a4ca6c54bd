#!/bin/sh
# The main job by curl alone: from Amazon's notice to the frozen reply. Against a running installation:
#
#     KEY=<API key> [BASE=http://localhost:8000] sh docs/tour.sh
#
# `make tour` runs it against an installation of its own. Needs sh, curl, a python3 that reads JSON, and the
# product's own Python (PYTHON, default .venv/bin/python) to prove the bundle offline. Stops at the first
# surprise. Files go to a temporary folder that is removed, or stay in KEEP.
set -eu

: "${KEY:?Set KEY to an API key: manage.py create_api_key --seller A1TOUR --create-seller --scopes all}"
API=${BASE:-http://localhost:8000}/api/v1
HOUSE=$(cd "$(dirname "$0")/.." && pwd)
PYTHON=${PYTHON:-$HOUSE/.venv/bin/python}
WORK=${KEEP:-$(mktemp -d)}
mkdir -p "$WORK"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$WORK"' EXIT
cd "$WORK"

say() { printf '%s\n' "$*"; }
fail() { printf 'tour: %s\n' "$*" >&2; [ ! -s answer ] || { head -c 2000 answer >&2; echo >&2; }; exit 1; }

# call EXPECTED CURL-ARGUMENTS…: the answer goes to the file `answer`; any status but the expected ones ends the tour.
call() {
    expected=$1
    shift
    STATUS=$(curl -sS -o answer -w '%{http_code}' -H "Authorization: Api-Key $KEY" "$@") || fail "no answer from $API"
    case " $expected " in *" $STATUS "*) ;; *) fail "expected $expected, got $STATUS for: $*" ;; esac
}
post() { # post EXPECTED PATH JSON
    call "$1" -X POST -H 'Content-Type: application/json' -d "$3" "$API/$2"
}
# value EXPRESSION: of the last answer, as Python reads JSON, where d is the whole of it
value() { python3 -c 'import json, sys; d = json.load(open("answer")); print(eval(sys.argv[1]))' "$1"; }
same() { [ "$2" = "$3" ] || fail "$1: $2 is not $3"; }
sha256() { if command -v sha256sum >/dev/null; then sha256sum "$1"; else shasum -a 256 "$1"; fi | cut -d' ' -f1; }
ago() { # a moment some hours ago
    python3 -c 'import sys, datetime as t; print((t.datetime.now(t.UTC) - t.timedelta(hours=float(sys.argv[1]))).strftime("%Y-%m-%dT%H:%M:%SZ"))' "$1"
}
later() { # MOMENT plus HOURS
    python3 -c 'import sys, datetime as t; print((t.datetime.fromisoformat(sys.argv[1].replace("Z", "+00:00")) + t.timedelta(hours=float(sys.argv[2]))).strftime("%Y-%m-%dT%H:%M:%SZ"))' "$1" "$2"
}

NUMBER=00340434161094021501
UNIQUE=$(python3 -c 'import random; print("%07d" % random.randrange(10**7))')
ORDER=303-1234567-$UNIQUE
NOTICED_AT=$(ago 2)
NOTICE='{
  "notice_id": "tour-'$UNIQUE'", "kind": "information_requested", "noticed_at": "'$NOTICED_AT'",
  "marketplace_id": "A1PA6795UKMFR9", "order_id": "'$ORDER'", "reason": "not_received",
  "amount": "49.90", "currency": "EUR", "buyer_comment": "It never came.",
  "request_text": "Please tell us how this order was shipped and send proof of delivery.",
  "ship_to": {"name": "Jane Doe", "line1": "Schönhauser Allee 5", "city": "Berlin", "postal_code": "10119", "country_code": "DE"},
  "shipments": [{"carrier": "DHL", "tracking_number": "'$NUMBER'", "shipped_at": "'$(ago 120)'"}]}'

post 201 notices/ "$NOTICE"
LETTER=$(value 'd["id"]') CLAIM=$(value 'd["claim"]["id"]')
same respond_by "$(value 'd["claim"]["respond_by"]')" "$(later "$NOTICED_AT" 48)"
say "notice     201: claim $CLAIM on order $ORDER, $(value 'd["claim"]["state"]'), respond by $(value 'd["claim"]["respond_by"]') = noticed at + 48 h"

call 200 "$API/claims/$CLAIM/"
PARCEL=$(value 'd["shipments"][0]["id"]')
post 201 "shipments/$PARCEL/tracking/" '{"provider": "normal", "payload": {"received_by": "Jane Doe", "events": [
  {"status": "in_transit", "text": "Picked up", "occurred_at": "'$(ago 118)'"},
  {"status": "delivered", "text": "Delivered", "occurred_at": "'$(ago 71)'",
   "place": {"city": "Berlin", "postal_code": "10119", "country_code": "DE"}}]}}'
same status "$(value 'd["status"]')" read
say "tracking   201: $(value 'd["events_added"]') events read, parcel $(value 'd["shipment"]["status"] if isinstance(d["shipment"], dict) else "read"')"

call 201 -F kind=proof_of_delivery -F "file=@$HOUSE/docs/tour/proof-of-delivery.png" "$API/claims/$CLAIM/evidence/"
say "evidence   201: $(value 'd["name"]'), $(value 'd["size"]') bytes, sha256 $(value 'd["sha256"][:12]')…"

post "200 202" "claims/$CLAIM/assemble-bundle/" '{}'
if [ "$STATUS" = 202 ]; then
    JOB=$(value 'd["job"]["id"]') TRIES=0
    call 200 "$API/jobs/$JOB/"
    while [ "$(value 'd["status"]')" != done ]; do
        TRIES=$((TRIES + 1))
        [ "$TRIES" -le 120 ] && [ "$(value 'd["status"]')" != failed ] || fail "the bundle was not made"
        sleep 0.5
        call 200 "$API/jobs/$JOB/"
    done
    call 200 "$API/bundles/$(value 'd["bundle"]["id"]')/"
    say "bundle     202: made by a worker"
fi
BUNDLE=$(value 'd["id"]') PDF_SHA=$(value 'd["pdf_sha256"]') ZIP_SHA=$(value 'd["zip_sha256"]')
say "bundle     version $(value 'd["version"]') with $(value 'len(d["items"])') files, $(value 'd["status"]')"

curl -sSf -H "Authorization: Api-Key $KEY" -o bundle.pdf "$API/bundles/$BUNDLE/pdf/" || fail "no PDF"
curl -sSf -H "Authorization: Api-Key $KEY" -o bundle.zip "$API/bundles/$BUNDLE/zip/" || fail "no ZIP"
same "sha256 of the PDF" "$(sha256 bundle.pdf)" "$PDF_SHA"
same "sha256 of the ZIP" "$(sha256 bundle.zip)" "$ZIP_SHA"
PROVEN=$("$PYTHON" "$HOUSE/manage.py" verify_bundle bundle.zip) || fail "the bundle is not proven"
say "documents  PDF and ZIP are what the API says; $PROVEN"

post "200 201" "claims/$CLAIM/draft-reply/" '{}'
REPLY=$(value 'd["id"]')
value 'd["text"]' >reply.txt
grep -q "$NUMBER" reply.txt || fail "the draft does not name the parcel"
say "reply      $STATUS: drafted, $(wc -w <reply.txt | tr -d ' ') words, first line: $(sed -n 1p reply.txt)"
post 200 "replies/$REPLY/approve/" '{"revision": '"$(value 'd["revision"]')"'}'
say "reply      200: approved by $(value 'd["approved_by"]')"
post 200 "replies/$REPLY/confirm-submission/" '{"revision": '"$(value 'd["revision"]')"'}'
say "reply      200: $(value 'd["status"]') and frozen, sha256 of its text $(value 'd["text_sha256"][:12]')…"

call 200 "$API/claims/$CLAIM/"
same state "$(value 'd["state"]')" under_review
same deadline "$(value '[c["status"] for c in d["deadlines"] if c["kind"] == "response"]')" "['met']"
say "claim      200: under_review, deadline met"

post 200 notices/ "$NOTICE"
same "the repeated notice" "$(value 'd["id"], d["claim"]["id"]')" "($LETTER, $CLAIM)"
say "repeat     200: the same notice again is the same notice and the same claim"
post 409 notices/ "$(printf '%s' "$NOTICE" | sed 's/49\.90/94.90/')"
say "conflict   409: the same id with another amount is $(value 'd["code"]'); both letters are kept"
say "Done: claim $CLAIM, order $ORDER."
