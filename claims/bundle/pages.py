"""The whole document as JSON for the template: the first page, then everything that stands behind it.

Leaves to others: shaping and breaking into pages (typst), the frames' content (`supplied`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.bundle.annexes import Annex
from claims.bundle.archive import Item, Original
from claims.bundle.content import BundleContent, Missing, Shipment, Standing
from claims.bundle.digest import canonical_json
from claims.bundle.first_page import first_page
from claims.bundle.judged import weighed_rows
from claims.bundle.parcels import all_facts, parcel_title
from claims.bundle.pen import Pen, in_words, place_line
from claims.bundle.pictures import ReadingCopy
from claims.bundle.scripts import Words
from claims.bundle.timeline import timeline
from claims.marketplaces import marketplace

_POINTS_PER_CM = 72 / 2.54
# Room for a picture on a page: the text's width, and a height that leaves room for its caption.
_WIDEST_CM = 17.4
_HIGHEST_CM = 19.5
# A small signature is not blown up beyond this.
_PIXELS_PER_CM = 28.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a supplied page goes, in points from the page's top left corner."""

    left: float = 1.8 * _POINTS_PER_CM
    top: float = 4.6 * _POINTS_PER_CM
    width: float = 17.4 * _POINTS_PER_CM
    height: float = 23.2 * _POINTS_PER_CM


FRAME = Frame()


def pages_json(
    content: BundleContent,
    originals: Sequence[Original],
    annexes: Sequence[Annex],
    missing: Sequence[Missing],
) -> dict[str, bytes]:
    """The files that `template.typ` reads: `data.json` and the pictures."""
    store = marketplace(content.claim.marketplace_id)
    pen = Pen(zone=content.zone, home=store.country if store else "")
    document = {
        "version": content.version,
        "policy": pen.say(content.policy_version),
        "zone": content.zone,
        "frame": {"left": FRAME.left, "top": FRAME.top, "width": FRAME.width, "height": FRAME.height},
        "first": first_page(content, annexes, missing, pen),
        "timeline": timeline(content, pen),
        "parcels": [_parcel(parcel, pen) for parcel in content.shipments],
        "weighed": weighed_rows(content.judged, pen),
        "coverage": pen.say(content.judged.coverage if content.judged else ""),
        "findings": _findings(content, pen),
        "pictures": [_picture(annex, annex.picture, pen) for annex in annexes if annex.picture],
        "writings": [
            {**_caption(annex, pen), "lines": _lines(annex.writing, pen)}
            for annex in annexes
            if annex.writing
        ],
        "sheets": [sheet for annex in annexes for sheet in _sheets(annex, pen)],
        "request": _lines(content.claim.request_text, pen),
        "absent": [[pen.say(part) for part in row] for row in _absences(content, missing)],
        "originals": [_original(original.item, original.letter, pen) for original in originals],
    }
    pictures = {_picture_name(annex): annex.picture.content for annex in annexes if annex.picture}
    return {"data.json": canonical_json(document), **pictures}


def _lines(text: str, pen: Pen) -> list[Words]:
    return [pen.say(line.rstrip()) for line in text.strip().splitlines()]


def _parcel(parcel: Shipment, pen: Pen) -> dict[str, object]:
    return {
        "title": pen.say(parcel_title(parcel)),
        "facts": all_facts(parcel, pen),
        "match": [
            [in_words(part.part), pen.say(part.ship_to), pen.say(part.delivered), in_words(part.result)]
            for part in parcel.address_match
        ],
        "place": pen.say(place_line(parcel.place)),
        "gaps": [pen.say(gap) for gap in parcel.gaps],
    }


def _findings(content: BundleContent, pen: Pen) -> list[dict[str, object]]:
    return [
        {
            "kind": in_words(finding.kind),
            "facts": [pen.say(fact) for fact in finding.facts],
            "source": pen.say(finding.source),
            "observed": pen.observed(finding.observed_at),
        }
        for finding in content.findings
        if finding.standing == Standing.FOUND and finding.facts
    ]


def _absences(content: BundleContent, missing: Sequence[Missing]) -> list[tuple[str, str, str]]:
    rows = [(in_words(row.kind), "Missing", row.reason) for row in missing]
    for finding in content.findings:
        if finding.standing == Standing.ABSENT:
            rows.append((in_words(finding.kind), "None on file", finding.reason))
    for parcel in content.shipments:
        rows.extend((f"Parcel {parcel.tracking_number}", "Gap", gap) for gap in parcel.gaps)
    return rows


def _caption(annex: Annex, pen: Pen) -> dict[str, object]:
    item = annex.original.item
    return {
        "letter": annex.original.letter,
        "kind": in_words(item.kind),
        "name": pen.say(annex.original.name),
        "source": pen.say(item.source),
        "observed": pen.observed(annex.original.observed_at),
        "sha": item.sha256[:16],
        "note": pen.say(annex.original.note),
        "trouble": annex.trouble,
    }


def _picture_name(annex: Annex) -> str:
    extension = annex.picture.extension if annex.picture else ""
    return f"picture-{annex.original.letter}.{extension}"


def _picture(annex: Annex, picture: ReadingCopy, pen: Pen) -> dict[str, object]:
    width = min(_WIDEST_CM, picture.width / _PIXELS_PER_CM)
    height = width * picture.height / picture.width
    if height > _HIGHEST_CM:
        width, height = width * _HIGHEST_CM / height, _HIGHEST_CM
    return {**_caption(annex, pen), "file": _picture_name(annex), "width": width, "height": max(height, 0.1)}


def _sheets(annex: Annex, pen: Pen) -> list[dict[str, object]]:
    if not annex.document:
        return []
    count = annex.document.pages
    return [{**_caption(annex, pen), "number": number, "count": count} for number in range(1, count + 1)]


def _original(item: Item, letter: str, pen: Pen) -> dict[str, object]:
    return {
        "letter": letter,
        "path": pen.say(item.path, room=30),
        "kind": in_words(item.kind),
        "type": pen.say(item.media_type, room=16),
        "size": f"{item.size:,}",
        "source": pen.say(item.source, room=16),
        "sha": [item.sha256[:32], item.sha256[32:]],
    }
