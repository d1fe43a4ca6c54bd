"""DHL eCommerce Americas: the JSON of `tracking/v4/package` and the older XML `<track>`.

https://developer.dhl.com/api-reference/dhl-ecommerce-americas, which lists the event numbers. Times are local,
with the US zone's abbreviation beside them ("12:26 PM ET"); the last mile is often the post's.
"""

import re
from typing import Any, Final
from xml.etree.ElementTree import Element  # the type; parsing is defusedxml's

from shipping.carriers.json_body import object_of
from shipping.carriers.lenient import many, one, text
from shipping.carriers.xml_body import root_of
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, gathered, words
from shipping.rules.handovers import handover
from shipping.rules.times import ReadTime, read_local
from shipping.rules.zones import in_named_zone
from shipping.vocabulary import ParcelStatus, SnapshotStatus

PROVIDER: Final = "dhl_ecommerce"
VERSION: Final = "dhl_ecommerce/1"

_BY_STATUS: Final = {
    ParcelStatus.LABEL_CREATED: "99 109 132 163 164 235 238 400 445",
    ParcelStatus.IN_TRANSIT: (
        "50 51 100 104 106 110 113 114 115 116 120 125 130 155 156 200 211 220 229 300 350 359 360 361 365 399"
        " 401 402 431 441 442 447 449 451 452 454 456 461 462 463 464 468 470 472 477 478 479 480 481 482 483"
        " 494 499 501 502 505 509 510 511 515 517 518 520 521 523 524 525 526 528 529 530 531 532 533 534 535"
        " 536 537 538 539 540 541 542 543 545 547 548 549 557 561 562 566 567 568 575 576 577 579 642"
    ),
    ParcelStatus.OUT_FOR_DELIVERY: "544 558 580 597 598",
    ParcelStatus.AVAILABLE_FOR_PICKUP: "469 522 560 565 570 585 599 601",
    ParcelStatus.DELIVERY_ATTEMPTED: (
        "550 551 552 553 554 555 556 563 564 571 583 595 596 605 612 613 615 629 638 639"
    ),
    ParcelStatus.DELIVERED: "572 600 607 621 652 653 654 655 656 657 658 659",
    ParcelStatus.DELIVERED_TO_THIRD_PARTY: "606",
    ParcelStatus.EXCEPTION: (
        "107 312 358 443 448 450 453 506 507 508 546 573 581 582 592 593 594 608 609 610 611 616 619 625 626 630"
        " 631 632 633 636 640 641 644 650 651 670 671 680 683 686 689 691 693 699 700 710 720 730 740 750 760"
        " 770 780 825 844"
    ),
    ParcelStatus.LOST: "690",
    ParcelStatus.DAMAGED: "620 623",
    ParcelStatus.CANCELLED: "101",
    ParcelStatus.RETURNING: (
        "108 602 603 604 637 800 802 804 805 806 807 808 809 810 811 813 815 816 817 818 820 821 849 853 854"
        " 855 856 857 858 859 862"
    ),
    ParcelStatus.RETURNED_TO_SENDER: "860 863 864",
}
EVENTS: Final = {number: status for status, numbers in _BY_STATUS.items() for number in numbers.split()}
WORDS: Final = {"DELIVERED": ParcelStatus.DELIVERED, "OUT FOR DELIVERY": ParcelStatus.OUT_FOR_DELIVERY}
"""For an event that comes without its number."""
_MISSING: Final = re.compile(r"no results|not found|no (?:data|packages?)", re.IGNORECASE)
_PLACE: Final = re.compile(r"(?P<city>[^,]+), *(?P<region>[A-Z]{2})(?:, *(?P<country>[A-Z]{2}))?", re.ASCII)
_ZONED: Final = re.compile(r"(?P<clock>.*\d(?: ?[AP]M)?) +(?P<zone>[A-Z]{2,4})", re.ASCII | re.IGNORECASE)
_FORMATS: Final = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S",
    "%Y-%m-%d", "%m/%d/%Y",
)  # fmt: skip


def read(body: bytes) -> Reading:
    """Raises Unreadable where there are neither packages nor an error."""
    if body.lstrip().startswith(b"<"):
        root = root_of(body)
        if root.tag != "track":
            raise Unreadable("There is no DHL eCommerce track in it.")
        whole = {"packages": [_fields(row) for row in root.iter("shipment")]}
        errors = [_fields(row) for row in root.iter("error")]
    else:
        whole = object_of(body)
        errors = many(whole, "errors") or many(whole, "invalidParams")
    packages = many(whole, "packages")
    if packages:
        return gathered(tuple(_parcel(package) for package in packages))
    said = [text(row, "description", "detail", "reason", "title") for row in errors]
    said += [part for part in (text(whole, "title"), text(whole, "detail")) if part]
    if not said and whole.get("packages") != []:
        raise Unreadable("There is no DHL eCommerce package in it.")
    reason = "; ".join(said)
    missing = not said or bool(_MISSING.search(reason)) or text(whole, "status") == "404"
    status = SnapshotStatus.NOT_FOUND if missing else SnapshotStatus.ERROR_ANSWER
    return Reading(status=status, reason=reason or "The answer lists no package.")


def _fields(row: Element) -> dict[str, Any]:
    """The XML as the JSON would have it: texts, and events as a list."""
    events = [_fields(child) for child in row if child.tag == "event"]
    plain = {child.tag: words(child.text, 2000).strip() for child in row if len(child) == 0}
    return {**plain, "events": events} if events else plain


def _parcel(package: dict[str, Any]) -> Reading:
    inner = one(package, "package")
    names = (
        "trackingNumber", "trackingnumber", "trackedValue", "trackingId", "dhlPackageId", "packageId",
        "deliveryConfirmationNumber", "deliveryconfirm",
    )  # fmt: skip
    found = [normalised(text(row, name, length=64)) for row in (package, inner) for name in names]
    numbers = [number for number in found if number]
    number = numbers[0] if numbers else ""
    to = one(package, "recipient") or package
    return Reading(
        events=tuple(_event(row, number) for row in many(package, "events")),
        stated=Stated(
            provider_status=text(package, "status", length=100),
            received_by=text(package, "signedBy", "signedby") or text(to, "signedBy"),
            destination=Place(
                city=text(to, "city"),
                region=text(to, "state", length=100),
                postal_code=text(to, "postalCode", "zip", length=20),
                country_code=text(to, "country", length=100),
            ).to_json(),
        ),
        numbers=frozenset(numbers),
    )


def _time(row: dict[str, Any]) -> ReadTime:
    date, clock, zone = (
        text(row, "date", length=30),
        text(row, "time", length=30),
        text(row, "timeZone", length=6),
    )
    zoned = _ZONED.fullmatch(clock)
    if zoned and zoned["zone"].upper() not in ("AM", "PM"):
        clock, zone = zoned["clock"], zoned["zone"]
    raw = " ".join(part for part in (date, clock, zone) if part)
    return in_named_zone(read_local(raw, f"{date} {clock}".strip(), *_FORMATS), zone)


def _place(row: dict[str, Any], spot: str) -> Place:
    found = _PLACE.fullmatch(text(row, "location"))
    return Place(
        city=text(row, "city") or (found["city"] if found else text(row, "location")),
        region=text(row, "state", length=100) or (found["region"] if found else ""),
        postal_code=text(row, "postalCode", "postalcode", length=20),
        country_code=text(row, "country", length=100) or ((found["country"] or "") if found else ""),
        spot=spot,
    )


def _event(row: dict[str, Any], number: str) -> ReadEvent:
    code = text(row, "primaryEventId", "code", length=100)
    said = text(row, "primaryEventDescription", "description", length=1000)
    second = text(row, "secondaryEventDescription", length=900)
    status = EVENTS.get(code) if code else WORDS.get(said.upper())
    became = handover(status or ParcelStatus.UNKNOWN, f"{said} {second}")
    return ReadEvent(
        status=became.status,
        time=_time(row),
        code=code,
        text=": ".join(part for part in (said, second) if part),
        place=_place(row, became.spot),
        carrier="DHL eCommerce",
        number=number,
    )
