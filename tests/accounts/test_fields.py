"""The shared fields: what would have to be guessed is refused."""

import contextlib
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
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
)
from accounts.currencies import MINOR_DIGITS, amount_fits
from accounts.models import Membership, Role, Seller, User
from accounts.services.keys import CreatedKey


def refused(field: serializers.Field[Any, Any, Any, Any], value: Any) -> str:
    with pytest.raises(ValidationError) as error:
        field.run_validation(value)
    codes: Any = error.value.get_codes()
    return str(codes[0])


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


def test_json_that_no_column_can_hold_is_refused() -> None:
    with pytest.raises(ValidationError) as error:
        CleanJSONField().run_validation({"a": ["\x00"]})
    assert error.value.get_codes() == {"a": {"0": ["null_characters_not_allowed"]}}
    assert CleanJSONField().run_validation({"a": [1, None, "é"]}) == {"a": [1, None, "é"]}
