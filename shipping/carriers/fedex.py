"""FedEx Track v1, and the proof that `trackingdocuments` gives: https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html.

Words: the event and status codes of that page. One answer may be about several numbers, and about several
parcels of one number. An unknown number comes with HTTP 200 and an error beside the number. A scan is in local
time with its offset; a bare midnight without one is a date.
"""

from typing import Any, Final

from shipping.carriers.embedded import PROOF, SIGNATURE, embedded_files
from shipping.carriers.json_body import object_of
from shipping.carriers.lenient import conflict, many, one, text
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, gathered
from shipping.rules.handovers import handover
from shipping.rules.times import ReadTime, read_iso
from shipping.vocabulary import DELIVERED, ParcelStatus, SnapshotStatus, TimeBasis

PROVIDER: Final = "fedex"
VERSION: Final = "fedex/1"

_BY_STATUS: Final = {
    ParcelStatus.LABEL_CREATED: "OC IN AP EP PD OX",
    ParcelStatus.IN_TRANSIT: (
        "PU PX IT IX AA AC AF AO AR AX AE CC CH CP CU DP DR DS EA EO FD LO OF PF PL PM SF SP TR"
    ),
    ParcelStatus.OUT_FOR_DELIVERY: "OD ED AD",
    ParcelStatus.AVAILABLE_FOR_PICKUP: "HL HP",
    ParcelStatus.DELIVERED: "DL",
    ParcelStatus.EXCEPTION: "DE SE CD DD DY",
    ParcelStatus.CANCELLED: "CA",
    ParcelStatus.RETURNING: "RS",
}
CODES: Final = {code: status for status, codes in _BY_STATUS.items() for code in codes.split()}
"""`eventType` and `derivedStatusCode` of a scan, `code` and `derivedCode` of the latest status."""
DOCUMENT_KINDS: Final = {"SIGNATURE_PROOF_OF_DELIVERY": PROOF, "SIGNATURE_IMAGE": SIGNATURE}
_TEST_ALERT: Final = "VIRTUAL.RESPONSE"


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a track result, a document, nor FedEx's error list."""
    whole = object_of(body)
    output = one(whole, "output")
    tested = _test_conflicts(output)
    if output.get("documents") is not None:
        return _documents(output, tested)
    results = [
        (complete, result)
        for complete in many(output, "completeTrackResults")
        for result in many(complete, "trackResults")
    ]
    if results:
        return gathered(tuple(_parcel(complete, result, tested) for complete, result in results))
    errors = many(whole, "errors") or many(output, "errors")
    if not errors:
        raise Unreadable("There is no FedEx track result in it.")
    return _refusal(errors)


def _refusal(errors: list[dict[str, Any]], numbers: frozenset[str] = frozenset()) -> Reading:
    codes = [text(error, "code") for error in errors]
    missing = any("NOTFOUND" in code.replace(".", "") for code in codes)
    return Reading(
        status=SnapshotStatus.NOT_FOUND if missing else SnapshotStatus.ERROR_ANSWER,
        reason="; ".join(
            f"{code}: {text(error, 'message')}" for code, error in zip(codes, errors, strict=True)
        ),
        numbers=numbers,
    )


def _test_conflicts(output: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    if not any(text(alert, "code") == _TEST_ALERT for alert in many(output, "alerts")):
        return ()
    return (conflict("test_answer", "The answer is one of the carrier's test system.", alert=_TEST_ALERT),)


def _documents(output: dict[str, Any], tested: tuple[dict[str, Any], ...]) -> Reading:
    kind = DOCUMENT_KINDS.get(text(output, "documentType"), "document")
    given = output.get("documents")
    files, problems = embedded_files(
        *((kind, item) for item in (given if isinstance(given, list) else [given]))
    )
    return Reading(stated=Stated(documents=problems, conflicts=tested), files=files)


def _parcel(complete: dict[str, Any], result: dict[str, Any], tested: tuple[dict[str, Any], ...]) -> Reading:
    outer = normalised(text(complete, "trackingNumber", length=64))
    inner = normalised(text(one(result, "trackingNumberInfo"), "trackingNumber", length=64))
    numbers = frozenset({outer, inner} - {""})
    events = tuple(_event(scan, outer or inner) for scan in many(result, "scanEvents"))
    error = one(result, "error")
    latest = one(result, "latestStatusDetail")
    if text(error, "code") and not events and not latest:
        return _refusal([error], numbers)
    if not any(event.status in DELIVERED for event in events):
        events = (*events, *_latest_delivery(result, outer or inner))
    return Reading(events=events, stated=_stated(result, latest, error, tested), numbers=numbers)


def _status(own: str, derived: str) -> ParcelStatus:
    """By the event's own code, else the derived one. A delivery that only one of them knows is none."""
    found = CODES.get(own, CODES.get(derived, ParcelStatus.UNKNOWN))
    if found in DELIVERED and derived in CODES and CODES[derived] not in DELIVERED:
        return CODES[derived]
    return found


def _place(address: dict[str, Any], spot: str = "") -> Place:
    return Place(
        city=text(address, "city"),
        region=text(address, "stateOrProvinceCode", length=100),
        postal_code=text(address, "postalCode", length=20),
        country_code=text(address, "countryCode", "countryName", length=100),
        spot=spot,
    )


def _time(raw: str) -> ReadTime:
    found = read_iso(raw)
    if found.basis == TimeBasis.ASSUMED and found.local.endswith("T00:00:00"):
        return ReadTime(raw=raw, local=found.local[:10], basis=TimeBasis.DATE_ONLY)
    return found


def _event(scan: dict[str, Any], number: str) -> ReadEvent:
    said = ": ".join(
        part for name in ("eventDescription", "exceptionDescription") if (part := text(scan, name))
    )
    own, derived = text(scan, "eventType", length=100), text(scan, "derivedStatusCode", length=100)
    became = handover(_status(own, derived), said)
    return ReadEvent(
        status=became.status,
        time=_time(text(scan, "date", length=100)),
        provider_status=text(scan, "derivedStatus", length=100) or derived,
        code=own or derived,
        text=said,
        place=_place(one(scan, "scanLocation"), became.spot),
        carrier="FedEx",
        number=number,
    )


def _moment(result: dict[str, Any], kind: str) -> ReadTime:
    found = (row for row in many(result, "dateAndTimes") if text(row, "type") == kind)
    return _time(text(next(found, {}), "dateTime", length=100))


def _latest_delivery(result: dict[str, Any], number: str) -> tuple[ReadEvent, ...]:
    """The delivery of an answer without detailed scans: its latest status and the actual delivery."""
    latest, moment = one(result, "latestStatusDetail"), _moment(result, "ACTUAL_DELIVERY")
    code = text(latest, "code", "derivedCode", length=100)
    if _status(code, text(latest, "derivedCode")) not in DELIVERED or not moment.local:
        return ()
    said = text(latest, "description", "statusByLocale")
    became = handover(ParcelStatus.DELIVERED, said)
    place = _place(one(latest, "scanLocation"), became.spot)
    if not place.is_known():
        place = _place(one(result, "deliveryDetails", "actualDeliveryAddress"), became.spot)
    return (
        ReadEvent(
            status=became.status,
            time=moment,
            code=code,
            text=said,
            place=place,
            carrier="FedEx",
            number=number,
        ),
    )


def _stated(
    result: dict[str, Any], latest: dict[str, Any], error: dict[str, Any], tested: tuple[dict[str, Any], ...]
) -> Stated:
    details = one(result, "deliveryDetails")
    code = text(latest, "code", length=100)
    spot = f"{text(details, 'locationDescription')}; {text(details, 'locationType')}".replace("_", " ")
    became = handover(ParcelStatus.DELIVERED, spot)
    destination = one(result, "lastUpdatedDestinationAddress") or one(
        result, "recipientInformation", "address"
    )
    offered = [
        {"kind": DOCUMENT_KINDS[kind], "available": kind}
        for image in many(result, "availableImages")
        if (kind := text(image, "type")) in DOCUMENT_KINDS
    ]
    wanted = [text(row, "description").casefold() for row in many(result, "specialHandlings")]
    return Stated(
        status=_status(code, text(latest, "derivedCode", length=100)),
        provider_status=text(latest, "statusByLocale", "description", length=100),
        received_by=text(details, "signedByName", "receivedByName"),
        signature_required=True if any(_asks_signature(word) for word in wanted) else None,
        delivered_as=became.status if became.status != ParcelStatus.DELIVERED else "",
        spot=became.spot,
        destination=_place(destination).to_json(),
        documents=tuple(offered),
        conflicts=(*tested, *_conflicts(result, error)),
    )


def _asks_signature(word: str) -> bool:
    return "signature" in word and "required" in word and "no sig" not in word and "not required" not in word


def _conflicts(result: dict[str, Any], error: dict[str, Any]) -> list[dict[str, Any]]:
    rows = []
    if text(error, "code"):
        detail = "The answer carries an error beside its scans."
        rows.append(conflict("error_beside_scans", detail, error=text(error, "code")))
    back = one(result, "returnDetail")
    reasons = [text(row, "description", "type") for row in many(back, "reasonDetail")]
    if text(back, "authorizationName") or any(reasons):
        detail = "The answer carries the details of a return."
        rows.append(conflict("return_details", detail, reason="; ".join(reasons)))
    for scan in many(result, "scanEvents"):
        own, derived = text(scan, "eventType"), text(scan, "derivedStatusCode")
        if own in CODES and derived in CODES and (own == "DL") != (derived == "DL"):
            detail = "One code of a scan says delivered, another does not."
            rows.append(conflict("contradicts_itself", detail, event_type=own, derived_status_code=derived))
            break
    return rows
