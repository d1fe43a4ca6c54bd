"""Strict bodies: what is unknown, ambiguous or unstorable is refused at its own pointer."""

import contextlib
import json
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.api.fields import (
    AwareDateTimeField,
    CleanJSONField,
    CurrencyField,
    MarketplaceField,
    MoneyField,
    StrictSerializer,
    VisibleSellerField,
    YesNoField,
)
from accounts.currencies import MINOR_DIGITS, amount_fits
from accounts.models import Membership, Role, Seller, User
from accounts.services.keys import CreatedKey


class Place(StrictSerializer):
    city = serializers.CharField(required=False, allow_blank=True)
    region = serializers.CharField(required=False, allow_blank=True)


class Parcel(StrictSerializer):
    number = serializers.CharField()
    place = Place(required=False)


class Letter(StrictSerializer):
    free_fields: ClassVar = frozenset({"payload"})

    id = serializers.IntegerField(read_only=True)
    kind = serializers.ChoiceField(choices=["a", "b"], required=False)
    count = serializers.IntegerField(required=False)
    place = Place(required=False)
    parcels = Parcel(many=True, required=False)
    payload = serializers.JSONField(required=False)
    is_open = YesNoField(required=False)


def faults(data: Any, shape: type[StrictSerializer] = Letter, **options: Any) -> Any:
    body = shape(data=data, **options)
    assert not body.is_valid()
    return json.loads(json.dumps(body.errors, default=str)), body.errors


def refused(field: serializers.Field[Any, Any, Any, Any], value: Any) -> str:
    with pytest.raises(ValidationError) as error:
        field.run_validation(value)
    codes: Any = error.value.get_codes()
    return str(codes[0])


def test_an_unknown_field_is_refused_wherever_it_stands() -> None:
    _, errors = faults({"x": 1, "place": {"y": 1}, "parcels": [{"number": "1"}, {"number": "2", "z": 1}]})
    assert errors["x"][0].code == "unknown_field"
    assert errors["place"]["y"][0].code == "unknown_field"
    assert list(errors["parcels"]) == [1]
    assert errors["parcels"][1]["z"][0].code == "unknown_field"


def test_unknown_fields_are_told_together_with_other_faults() -> None:
    _, errors = faults({"x": 1, "count": "many"})
    assert {name: error[0].code for name, error in errors.items()} == {
        "x": "unknown_field",
        "count": "invalid",
    }


def test_a_field_that_is_only_read_is_not_written() -> None:
    assert faults({"id": 3})[1]["id"][0].code == "read_only_field"


def test_a_form_may_carry_its_token_and_nested_names() -> None:
    form = QueryDict("csrfmiddlewaretoken=t&kind=a&place.city=Rome&parcels[0]number=1")
    body = Letter(data=form)
    assert body.is_valid(), body.errors
    assert body.validated_data["place"] == {"city": "Rome"}


def test_a_form_with_another_name_is_refused() -> None:
    assert faults(QueryDict("kind=a&x=1&place.z=2"))[1]["x"][0].code == "unknown_field"
    assert faults(QueryDict("place.city=Rome&place.z=2"))[1]["place"]["z"][0].code == "unknown_field"


def test_an_empty_group_of_a_form_is_a_group_not_given() -> None:
    body = Letter(data=QueryDict("kind=a&place.city=&place.region="))
    assert body.is_valid(), body.errors
    assert "place" not in body.validated_data


def test_a_form_can_change_a_yes_into_a_no() -> None:
    body = Letter(data=QueryDict("is_open=false"), partial=True)
    assert body.is_valid()
    assert body.validated_data == {"is_open": False}


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        ({"kind": "a\ud800"}, "kind", "surrogate_characters_not_allowed"),
        ({"kind": "\x00"}, "kind", "null_characters_not_allowed"),
        ({"count": 2**63}, "count", "out_of_range"),
        ({"count": -(10**400)}, "count", "out_of_range"),
        ({"count": float("inf")}, "count", "not_finite"),
        ({"count": float("nan")}, "count", "not_finite"),
        ({"\ud800": 1}, "\\ud800", "unknown_field"),
        ({"a\x00": 1}, "a\\x00", "unknown_field"),
    ],
)
def test_what_no_column_can_hold_is_refused_and_can_be_printed(data: Any, name: str, code: str) -> None:
    _, errors = faults(data)
    assert errors[name][0].code == code
    json.dumps(errors, ensure_ascii=False, default=str).encode()


def test_depth_is_no_danger() -> None:
    deep: Any = "x\x00"
    for _ in range(5000):
        deep = [deep]
    assert refused(CleanJSONField(), {"a": ["\x00"]}) == "null_characters_not_allowed"
    assert faults({"count": deep})[1]["count"][0].code == "too_deep"
    assert faults({"payload": deep})[1]["payload"][0].code == "too_deep"


def test_what_is_kept_as_it_came_is_not_searched() -> None:
    assert Letter(data={"payload": {"n": 10**30}}).is_valid()


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=20)
)
def test_no_value_makes_a_strict_body_fail_in_any_other_way(value: Any) -> None:
    for data in (value, {"kind": value}, {"place": value}, {"parcels": value}, {str(value): value}):
        body = Letter(data=data)
        if not body.is_valid():
            json.dumps(body.errors, ensure_ascii=False, default=str).encode()


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T10:00:00Z", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T11:00:00+01:00", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20T11:00+0100", datetime(2026, 11, 20, 10, tzinfo=UTC)),
        ("2026-11-20 02:00:00.5-08", datetime(2026, 11, 20, 10, 0, 0, 500000, tzinfo=UTC)),
        ("2026-11-20t10:00:00.123456789z", datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)),
        (" 2026-11-20T15:30:00+05:30 ", datetime(2026, 11, 20, 10, tzinfo=UTC)),
    ],
)
def test_a_moment_with_its_offset_is_read_into_utc(text: str, moment: datetime) -> None:
    read = AwareDateTimeField().run_validation(text)
    assert read == moment
    assert read.tzinfo == UTC


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("2026-11-20T10:00:00", "offset_missing"),
        ("2026-11-20 10:00", "offset_missing"),
        ("2026-11-20", "date_only"),
        ("tomorrow", "invalid"),
        ("", "invalid"),
        (1764000000, "invalid"),
        (True, "invalid"),
        ([], "invalid"),
        ("2026-13-01T00:00:00Z", "invalid"),
        ("2026-02-29T00:00:00Z", "invalid"),
        ("2026-11-20T24:00:00Z", "invalid"),
        ("2026-11-20T10:00:60Z", "invalid"),
        ("2026-11-20T10:00:00+15:00", "invalid"),
        ("2026-11-20T10:00:00+01:75", "invalid"),
        ("２０２６-11-20T10:00:00Z", "invalid"),
        ("0000-01-01T00:00:00Z", "out_of_range"),
        ("0001-01-01T00:00:00+14:00", "out_of_range"),
        ("1994-12-31T23:59:59Z", "out_of_range"),
        ("9999-12-31T23:59:59-14:00", "out_of_range"),
        ("2200-01-01T00:00:00Z", "out_of_range"),
    ],
)
def test_a_moment_that_must_be_guessed_is_refused(value: Any, code: str) -> None:
    assert refused(AwareDateTimeField(), value) == code


def test_a_moment_is_written_with_z() -> None:
    field = AwareDateTimeField()
    assert field.to_representation(datetime(2026, 11, 20, 10, tzinfo=UTC)) == "2026-11-20T10:00:00Z"


@given(st.text(alphabet="0123456789-+:.,TtZz ", max_size=40))
def test_no_text_makes_a_moment_fail_in_any_other_way(text: str) -> None:
    with contextlib.suppress(ValidationError):
        assert AwareDateTimeField().run_validation(text).tzinfo == UTC


@pytest.mark.parametrize(
    ("value", "amount"),
    [
        ("119.00", "119.00"),
        ("34.9", "34.90"),
        (34.9, "34.90"),
        (34, "34.00"),
        ("0", "0.00"),
        ("34.900000", "34.90"),
        (1e3, "1000.00"),
        ("999999999999.99", "999999999999.99"),
    ],
)
def test_an_amount_is_written_with_two_digits(value: Any, amount: str) -> None:
    field = MoneyField()
    read = field.run_validation(value)
    assert isinstance(read, Decimal)
    assert field.to_representation(read) == amount


@pytest.mark.parametrize(
    "value",
    [
        *(
            "-1",
            "1_000",
            "１２",
            "1,50",
            "1e2",
            "NaN",
            "Infinity",
            "",
            "1.005",
            "1000000000000",
            "9" * 5000,
            "\x00",
        ),
        *(-0.01, float("inf"), float("nan"), 1e300, True, [], {}),
    ],
)
def test_what_is_no_amount_is_refused(value: Any) -> None:
    refused(MoneyField(), value)


def test_currencies_are_the_active_ones() -> None:
    assert CurrencyField().run_validation("EUR") == "EUR"
    for wrong in ("eur", "EURO", "XYZ", "DEM", "XAU", "XXX", "HRK"):
        assert refused(CurrencyField(), wrong) == "unknown_currency"
    assert (MINOR_DIGITS["JPY"], MINOR_DIGITS["EUR"], MINOR_DIGITS["KWD"]) == (0, 2, 3)
    assert amount_fits(Decimal("10.00"), "JPY")
    assert not amount_fits(Decimal("10.50"), "JPY")


def test_a_marketplace_that_nobody_knows_is_taken() -> None:
    assert MarketplaceField().run_validation(" ATVPDKIKX0DER ") == "ATVPDKIKX0DER"
    assert MarketplaceField().run_validation("A0NEWPLACE0000") == "A0NEWPLACE0000"
    for wrong in ("amazon.de", "a1", "A" * 33, "A 1"):
        assert refused(MarketplaceField(), wrong) == "invalid_marketplace"


class Body(StrictSerializer):
    seller_id = VisibleSellerField()


def body_of(user: Any, data: Any, auth: Any = None) -> Body:
    return Body(data=data, context={"request": SimpleNamespace(user=user, auth=auth)})


def test_a_visible_seller_is_found_by_its_token(alice: User, acme: Seller) -> None:
    body = body_of(alice, {"seller_id": "A1ACME"})
    assert body.is_valid(), body.errors
    assert body.validated_data["seller_id"] == acme


def test_another_seller_is_refused_in_the_words_of_one_that_is_not_there(bob: User, acme: Seller) -> None:
    answers = []
    for token in ("A1ACME", "NOBODY", "A1\x00", 7, None, ["A1ACME"]):
        body = body_of(bob, {"seller_id": token})
        assert not body.is_valid()
        answers.append(body.errors["seller_id"])
    assert answers[0] == answers[1] == answers[3] == answers[5]
    assert (answers[0][0].code, str(answers[0][0])) == ("does_not_exist", "There is no such seller.")


def test_the_form_offers_only_the_callers_sellers(bob: User, acme: Seller) -> None:
    field: Any = body_of(bob, {}).fields["seller_id"]
    assert [choice["value"] for choice in field.iter_options()] == ["B2BOLT"]


def test_a_caller_with_one_seller_may_leave_it_out(
    bob: User, bolt: Seller, amz: CreatedKey, acme: Seller
) -> None:
    for user, auth, seller in ((bob, None, bolt), (None, amz.api_key, amz.api_key.integration.seller)):
        body = body_of(user, {}, auth)
        assert body.is_valid(), body.errors
        assert body.validated_data["seller_id"] == seller


def test_a_caller_with_several_sellers_must_say_which(bob: User, acme: Seller) -> None:
    Membership.objects.create(user=bob, seller=acme, role=Role.VIEWER)
    body = body_of(bob, {})
    assert not body.is_valid()
    assert body.errors["seller_id"][0].code == "required"


def test_a_key_names_its_own_seller_only(amz: CreatedKey, bolt: Seller) -> None:
    assert body_of(None, {"seller_id": "A1ACME"}, amz.api_key).is_valid()
    assert not body_of(None, {"seller_id": "B2BOLT"}, amz.api_key).is_valid()
