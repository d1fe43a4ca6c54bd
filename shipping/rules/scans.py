"""When the carrier first had the parcel in its hands, how surely, and whether that was in time. Pure.

A label, data sent ahead or a parcel that the carrier waits for is no scan; nor is anything on the way back, nor
what a person typed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from shipping.rules.lines import Line
from shipping.rules.scripts import spellings
from shipping.vocabulary import PHYSICAL, Leg

_SENT_AHEAD: Final = re.compile(
    r"\blabel (?:has been )?(?:created|printed|generated)\b|\bawaiting (?:item|package|parcel|collection|pick ?up)\b"
    r"|\b(?:pre )?shipment info(?:rmation)? (?:sent|received|transmitted)\b|\binfo(?:rmation)? received\b"
    r"|\border (?:processed|created|information received)\b|\bready for (?:ups|carrier|collection by)\b"
    r"|\belectronic(?:ally)? (?:notification|notified|advice|pre ?advice|transmitted)\b|\bmanifest(?:ed)?\b"
    r"|\bnot (?:yet )?(?:been )?handed over\b"
    r"|\b(?:parcel|shipment|order|package) (?:data|information|details)(?: (?:was|were|has been|have been))?"
    r" (?:entered|transmitted|received|sent|provided)\b|\b(?:information|data) has been (?:transmitted|sent)\b"
    r"|\bsender (?:is )?prepar(?:es|ing)\b|\bnot yet (?:received|in possession)\b|\bhas not (?:yet )?received\b"
    r"|\belektronisch (?:angekundigt|ubermittelt|ankundigung)\b|\bauftragsdaten\b|\bsendungsdaten\b"
    r"|\bdonnees (?:de l envoi |electroniques )|\ben attente de prise en charge\b|\bdati (?:della )?spedizione\b"
    r"|\bin attesa di (?:ritiro|affidamento)\b|\bpre ?admision\b|\bpendiente de (?:recepcion|recogida)\b"
    r"|\bvooraangemeld\b|\bvooraankondiging\b|\bnog niet (?:ontvangen|in behandeling)\b|\bawizowan"
    r"|\bdane (?:elektroniczne|przesylki)\b"
    r"|\bforanmald|\baviserad\b|\betiqueta (?:emitida|criada|creada)\b|\betiket olustur"
    r"|送り状|受付データ|集荷待ち|انشاء بوليصه"
)


@dataclass(frozen=True, slots=True)
class FirstScan:
    """The first of the scans, and the moments between which the first one happened (None: no bound)."""

    line: Line
    earliest: datetime | None
    latest: datetime | None


def is_physical_scan(line: Line) -> bool:
    """Whether this needed the parcel in the carrier's hands on its way to the buyer."""
    if line.leg == Leg.RETURN or line.event.status not in PHYSICAL:
        return False
    return not any(_SENT_AHEAD.search(spelling) for spelling in spellings(line.event.text))


def first_scan(told: Sequence[Line]) -> FirstScan | None:
    """Of the carrier's events in their order.

    The first scan is not later than any scan; it is not earlier than the earliest moment that any of them may
    mean, and has no such bound where one of them has no time.
    """
    scans: list[Line] = []
    earliest: datetime | None = None
    latest: datetime | None = None
    is_open = False
    for line in told:
        span = line.event.time.interval()
        if span is not None and latest is not None and span[0] > latest:
            continue  # surely after another scan: it moves no bound, so its text need not be read
        if not is_physical_scan(line):
            continue
        scans.append(line)
        if span is None:
            is_open = True
            continue
        earliest = min(span[0], earliest or span[0])
        latest = min(span[1], latest or span[1])
    if not scans:
        return None
    timed = [line for line in scans if line.event.time.sort_at is not None]
    return FirstScan((timed or scans)[0], None if is_open else earliest, latest)


def scanned_by(scan: Mapping[str, Any], moment: datetime | None) -> bool | None:
    """Whether a stored first scan (`{earliest, latest}`, ISO 8601) was at or before `moment`.

    None where there is no scan, no moment, or the uncertainty spans it.
    """
    if moment is None or not scan:
        return None
    earliest, latest = _moment(scan.get("earliest")), _moment(scan.get("latest"))
    if latest is not None and latest <= moment:
        return True
    return False if earliest is not None and earliest > moment else None


def _moment(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None
