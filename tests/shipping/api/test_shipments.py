"""`shipments/`: making a parcel known, correcting it, finding it again; and what others may not see."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from accounts.models import Role, Seller
from shipping.models import Shipment, ShipmentChange
from shipping.services import record_tracking
from tests.shipping.conftest import AMZ, NOW, ORDER, member, payload, pointers

URL = "/api/v1/shipments/"
NEW = {
    "order_id": ORDER,
    "marketplace_id": "ATVPDKIKX0DER",
    "carrier": "USPS",
    "tracking_number": " 9400 1112 0620 6407 6287 46 ",
    "service": "Priority Mail",
    "shipped_at": "2026-11-02T10:00:00+01:00",
    "ship_by": "2026-11-03T07:59:59Z",
    "bought_through_buy_shipping": True,
    "claims_protected": False,
    "ship_to": {"city": "Springfield", "postal_code": "62704", "country_code": "US"},
}


def test_a_new_parcel_answers_201_with_everything_that_is_known(amz: APIClient) -> None:
    answer = amz.post(URL, NEW, format="json")

    assert answer.status_code == 201
    body = answer.json()
    row = Shipment.objects.get()
    assert body["id"] == row.pk
    assert body["url"].endswith(f"/api/v1/shipments/{row.pk}/")
    assert body["seller"] == "A1ACME"
    assert body["tracking_number"] == "9400111206206407628746"
    assert body["shipped_at"] == "2026-11-02T09:00:00Z"
    assert body["bought_through_buy_shipping"] is True
    assert body["claims_protected"] is False
    assert body["signature_required"] is None
    assert body["status"] == "unknown"
    assert body["leg"] == "unknown"
    assert body["delivered_at"] is None
    assert body["received_by"] == {"raw": "", "kind": "none"}
    assert body["signature"] == {"required": None, "obtained": None}
    assert body["events"] == []
    assert body["snapshots"] == []
    assert body["documents"] == []
    assert body["conflicts"] == []
    assert [gap["code"] for gap in body["gaps"]] == ["no_answer", "no_first_scan", "no_delivery"]
    assert row.facts_pending is True


def test_the_same_order_and_number_again_answers_200_and_adds_without_erasing(amz: APIClient) -> None:
    first = amz.post(URL, NEW, format="json").json()

    again = amz.post(
        URL,
        {
            "order_id": ORDER,
            "tracking_number": "94001112-0620640762-8746",
            "service": "Ground Advantage",
            "carrier": "",
            "claims_protected": None,
            "ship_to": {"name": "Jane Doe", "city": ""},
        },
        format="json",
    )

    assert again.status_code == 200
    body = again.json()
    assert body["id"] == first["id"]
    assert body["service"] == "Ground Advantage"
    assert body["carrier"] == "USPS"
    assert body["claims_protected"] is False
    assert body["shipped_at"] == "2026-11-02T09:00:00Z"
    assert body["ship_to"] == {
        "name": "Jane Doe",
        "city": "Springfield",
        "postal_code": "62704",
        "country_code": "US",
    }
    assert Shipment.objects.count() == 1
    assert [change.kind for change in ShipmentChange.objects.all()] == ["registered", "changed"]
    assert set(ShipmentChange.objects.last().details) == {"service", "ship_to"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"order_id": "405-1234567-123456"}, "/order_id", "invalid_order_id"),
        ({"order_id": "405-1234567-1234567\n1"}, "/order_id", "invalid_order_id"),
        ({"tracking_number": " - "}, "/tracking_number", "no_number"),
        ({"tracking_number": "9" * 65}, "/tracking_number", "no_number"),
        ({"shipped_at": "2026-11-02T10:00:00"}, "/shipped_at", "offset_missing"),
        ({"carier": "USPS"}, "/carier", "unknown_field"),
        ({"ship_to": {"zip": "62704"}}, "/ship_to/zip", "unknown_field"),
        ({"ship_to": {"country_code": "USA"}}, "/ship_to/country_code", "invalid"),
        ({"claims_protected": "maybe"}, "/claims_protected", "invalid_choice"),
        ({"status": "delivered"}, "/status", "unknown_field"),
        ({"seller_id": "B2BOLT"}, "/seller_id", "does_not_exist"),
        ({"seller_id": "NOBODY"}, "/seller_id", "does_not_exist"),
        ({"carrier": "US\x00PS"}, "/carrier", "null_characters_not_allowed"),
    ],
)
def test_a_wrong_field_is_refused_with_its_pointer_and_nothing_is_kept(
    amz: APIClient, bolt: Seller, change: dict[str, Any], pointer: str, code: str
) -> None:
    answer = amz.post(URL, {**NEW, **change}, format="json")

    assert answer.status_code == 400
    assert (pointer, code) in pointers(answer)
    assert Shipment.objects.count() == 0


def test_a_correction_may_erase_and_changes_what_follows_from_it(alice: APIClient) -> None:
    made = alice.post(URL, NEW, format="json").json()

    answer = alice.patch(
        made["url"],
        {"claims_protected": None, "carrier": "UPS", "shipped_at": None, "ship_to": {"postal_code": "60610"}},
        format="json",
    )

    assert answer.status_code == 200
    body = answer.json()
    assert body["claims_protected"] is None
    assert body["shipped_at"] is None
    assert body["carrier"] == "UPS"
    assert body["ship_to"] == {"city": "Springfield", "postal_code": "60610", "country_code": "US"}
    assert body["number_check"]["fits"] is False
    assert [row["code"] for row in body["conflicts"]] == ["number_fits_another_carrier"]


def test_a_number_corrected_to_one_that_the_order_already_has_is_a_conflict(
    alice: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    make_shipment("1Z5R89390357567127")
    other = make_shipment("9400111206206407628746")

    answer = alice.patch(f"{URL}{other.pk}/", {"tracking_number": "1z5r89390357567127"}, format="json")

    assert answer.status_code == 409
    assert answer.json()["code"] == "number_taken"
    other.refresh_from_db()
    assert other.tracking_number == "9400111206206407628746"


def test_lists_are_filtered_by_order_number_seller_and_status(
    alice: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    first = make_shipment("1Z5R89390357567127")
    second = make_shipment("9400111206206407628746", order_id="405-7654321-1234567")
    record_tracking(
        shipment=second,
        provider="easypost",
        payload=payload("easypost_delivered"),
        actor=AMZ,
        now=NOW,
        channel="api",
    )

    def found(query: str) -> list[int]:
        return [row["id"] for row in alice.get(f"{URL}?{query}").json()["results"]]

    assert found("") == [second.pk, first.pk]
    assert found(f"order_id={ORDER}") == [first.pk]
    assert found("tracking_number=1z5r 8939 0357 567127") == [first.pk]
    assert found("status=delivered") == [second.pk]
    assert found("seller=A1ACME") == [second.pk, first.pk]
    assert found("seller=B2BOLT") == []
    assert alice.get(f"{URL}?status=teleported").status_code == 400
    assert alice.get(f"{URL}?tracking_number=%00").status_code == 400


def test_another_sellers_parcel_is_404_on_every_path_and_in_no_list(
    bob: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment()
    before = Shipment.objects.values().get()

    assert bob.get(URL).json()["results"] == []
    assert bob.get(f"{URL}?order_id={ORDER}").json()["results"] == []
    assert bob.get(f"{URL}?seller=A1ACME").json()["results"] == []
    assert bob.get(f"{URL}{shipment.pk}/").status_code == 404
    assert bob.patch(f"{URL}{shipment.pk}/", {"carrier": "UPS"}, format="json").status_code == 404
    assert bob.get(f"{URL}{shipment.pk}/tracking/").status_code == 404
    answer = bob.post(
        f"{URL}{shipment.pk}/tracking/",
        {"provider": "easypost", "payload": payload("easypost_delivered")},
        format="json",
    )
    assert answer.status_code == 404
    assert Shipment.objects.values().get() == before
    assert shipment.snapshots.count() == 0


def test_the_same_order_and_number_of_two_sellers_are_two_parcels(alice: APIClient, bob: APIClient) -> None:
    assert alice.post(URL, NEW, format="json").status_code == 201
    assert bob.post(URL, NEW, format="json").status_code == 201
    assert Shipment.objects.count() == 2
    assert len(bob.get(URL).json()["results"]) == 1


def test_a_viewer_reads_and_does_not_write(acme: Seller, make_shipment: Callable[..., Shipment]) -> None:
    viewer = member("vera", acme, Role.VIEWER)
    shipment = make_shipment()

    assert viewer.get(f"{URL}{shipment.pk}/").status_code == 200
    assert viewer.post(URL, {**NEW, "tracking_number": "X1"}, format="json").status_code == 403
    assert viewer.patch(f"{URL}{shipment.pk}/", {"carrier": "UPS"}, format="json").status_code == 403
    answer = viewer.post(
        f"{URL}{shipment.pk}/tracking/", {"provider": "ups", "payload": {"a": 1}}, format="json"
    )
    assert answer.status_code == 403
    assert Shipment.objects.count() == 1
    assert shipment.snapshots.count() == 0


def test_a_key_needs_the_scope_of_each_action(
    key_client: Callable[..., APIClient], make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment()
    tracking = {"provider": "easypost", "payload": payload("easypost_delivered")}
    here = f"{URL}{shipment.pk}/"
    outcomes = {}
    for scope in ("claims:read", "shipments:write", "tracking:write", "warnings:read"):
        client = key_client(scope)
        outcomes[scope] = (
            client.get(here).status_code,
            client.post(URL, NEW, format="json").status_code,
            client.patch(here, {"service": "x"}, format="json").status_code,
            client.post(f"{here}tracking/", tracking, format="json").status_code,
        )

    assert outcomes == {
        "claims:read": (200, 403, 403, 403),
        "shipments:write": (403, 200, 200, 403),
        "tracking:write": (403, 403, 403, 201),
        "warnings:read": (403, 403, 403, 403),
    }


def test_a_stranger_is_asked_who_he_is(make_shipment: Callable[..., Shipment]) -> None:
    make_shipment()
    assert APIClient().get(URL).status_code == 401


def test_lists_and_details_cost_the_same_queries_however_much_they_hold(
    alice: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    def queries(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert alice.get(url).status_code == 200
        assert not any('"shipping_trackingsnapshot"."raw"' in query["sql"] for query in seen.captured_queries)
        return len(seen)

    first = make_shipment("9400111206206407628746")
    one_listed, one_shown = queries(URL), queries(f"{URL}{first.pk}/")
    for number in range(20):
        row = make_shipment(f"TBA00000000{number:04d}")
        answer = {**payload("easypost_delivered"), "tracking_code": row.tracking_number}
        record_tracking(shipment=row, provider="easypost", payload=answer, actor=AMZ, now=NOW, channel="api")
    for name in ("easypost_in_transit", "easypost_delivered", "easypost_back_to_sender"):
        record_tracking(
            shipment=first, provider="easypost", payload=payload(name), actor=AMZ, now=NOW, channel="api"
        )

    assert (queries(URL), queries(f"{URL}{first.pk}/")) == (one_listed, one_shown)
    assert (one_listed, one_shown) == (4, 7)


@pytest.mark.parametrize("path", ["", "{id}/", "{id}/tracking/"])
def test_every_page_opens_in_the_browser_with_its_form(
    alice: APIClient, make_shipment: Callable[..., Shipment], path: str
) -> None:
    shipment = make_shipment()
    record_tracking(
        shipment=shipment,
        provider="easypost",
        payload=payload("easypost_delivered"),
        actor=AMZ,
        now=NOW,
        channel="api",
    )

    form = {"": "?new=1", "{id}/": "?edit=1", "{id}/tracking/": ""}[path]
    page = alice.get(URL + path.format(id=shipment.pk) + form, HTTP_ACCEPT="text/html")

    assert page.status_code == 200
    html = page.content.decode()
    wanted = {"": 'name="tracking_number"', "{id}/": "PATCH", "{id}/tracking/": 'name="payload"'}[path]
    assert wanted in html
    assert ('name="carrier"' in html) is (path != "{id}/tracking/")  # the fields themselves, not only the way


def test_an_agent_registers_a_parcel_and_posts_an_answer_with_forms_alone(alice: APIClient) -> None:
    form = {
        "seller_id": "A1ACME",
        "order_id": ORDER,
        "marketplace_id": "",
        "carrier": "USPS",
        "tracking_number": "9400111206206407628746",
        "shipped_at": "",
        "bought_through_buy_shipping": "true",
        "claims_protected": "false",
        "signature_required": "",
        "ship_to.city": "Springfield",
        "ship_to.postal_code": "62704",
    }
    made = alice.post(URL, form, format="multipart")
    assert made.status_code == 201, made.json()
    body = made.json()
    assert (body["bought_through_buy_shipping"], body["claims_protected"], body["signature_required"]) == (
        True,
        False,
        None,
    )
    assert body["ship_to"] == {"city": "Springfield", "postal_code": "62704"}

    import_text = (
        '{"tracking_number": "", "events": [{"status": "delivered", "occurred_at": "2026-11-05T19:42:00Z"}]}'
    )
    answer = alice.post(
        f"{body['url']}tracking/",
        {
            "provider": "normal",
            "payload": import_text,
            "http_status": "",
            "content_type": "",
            "fetched_at": "",
        },
        format="multipart",
    )
    assert answer.status_code == 201, answer.json()
    assert answer.json()["shipment"]["status"] == "delivered"
