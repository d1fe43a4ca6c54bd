"""What all Selling Partner APIs share: the error list that stands for a payload, and addresses.

https://developer-docs.amazon/sp-api/docs/sp-api-errors: `errors[]{code, message, details}`.
"""

from typing import Any

from shipping.carriers.loose_json import given, rows
from shipping.reading import Reading, words
from shipping.vocabulary import SnapshotStatus


def refusal(whole: dict[str, Any], *, missing: bool) -> Reading | None:
    """The reading of an error list, None where there is none.

    `missing`: whether `NotFound` here says that a carrier does not know the parcel; of a label or an order it
    does not.
    """
    if not whole.get("errors"):
        return None
    said = [
        (words(error.get("code"), 100), words(error.get("message"), 200)) for error in rows(whole, "errors")
    ]
    unknown = missing and "NotFound" in (code for code, _ in said)
    return Reading(
        status=SnapshotStatus.NOT_FOUND if unknown else SnapshotStatus.ERROR_ANSWER,
        reason="; ".join(f"{code}: {message}" for code, message in said),
    )


def address(found: dict[str, Any]) -> dict[str, str]:
    """An address by our parts; `StateOrRegion`, `stateOrRegion` and `StateOrProvinceCode` are all spoken."""
    said = {name.lower(): value for name, value in found.items()}
    more = [words(said.get(name), 200) for name in ("addressline2", "addressline3")]
    region = said.get("stateorregion") or said.get("stateorprovincecode")
    return given(
        [
            ("name", words(said.get("name"), 200)),
            ("line1", words(said.get("addressline1"), 200)),
            ("line2", ", ".join(line for line in more if line)),
            ("city", words(said.get("city"), 200)),
            ("region", words(region, 100)),
            ("postal_code", words(said.get("postalcode"), 20)),
            ("country_code", words(said.get("countrycode"), 2)),
        ]
    )
