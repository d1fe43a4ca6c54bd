"""`manage.py create_api_key`: the key alone on standard output, refusals on standard error."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import ApiKey, Integration, Seller
from tests.accounts.conftest import with_key


def printed(*arguments: str) -> str:
    out = StringIO()
    call_command("create_api_key", *arguments, stdout=out)
    return out.getvalue()


def test_the_key_stands_alone_and_works(acme: Seller) -> None:
    text = printed("--seller", "A1ACME", "--scopes", "all", "--name", "amz")
    assert text.count("\n") == 1
    shown = with_key(text.strip()).get("/api/v1/me/").json()
    assert shown["name"] == f"amz (key {text.split('.')[0]})"
    assert [seller["merchant_token"] for seller in shown["sellers"]] == ["A1ACME"]


def test_a_seller_is_made_on_request(db: None) -> None:
    printed("--seller", "A9NEW", "--create-seller", "--scopes", "notices:write, claims:read")
    seller = Seller.objects.get()
    assert (seller.merchant_token, seller.name, seller.time_zone, seller.marketplaces) == (
        "A9NEW",
        "A9NEW",
        "UTC",
        [],
    )
    assert ApiKey.objects.get().scopes == ["notices:write", "claims:read"]


def test_a_seller_who_is_there_is_used(acme: Seller) -> None:
    printed("--seller", "A1ACME", "--create-seller", "--scopes", "all")
    assert Seller.objects.get().name == "ACME"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--seller", "NONE", "--scopes", "all"], "There is no seller NONE"),
        (["--seller", "A1ACME", "--scopes", "claims:reed"], "claims:reed. Scopes: all, notices:write"),
        (["--seller", "A1ACME", "--scopes", ","], "at least one scope"),
        (["--seller", "N9", "--create-seller", "--scopes", "x"], "Unknown scope: x"),
        (["--seller", "no token", "--create-seller", "--scopes", "all"], "--seller: A merchant token"),
        (["--seller", "A1ACME", "--scopes", "all", "--name", " "], "--name"),
        (["--seller", "A1ACME"], "--scopes"),
    ],
)
def test_a_refusal_says_why_and_makes_nothing(acme: Seller, arguments: list[str], words: str) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match=words):
        call_command("create_api_key", *arguments, stdout=out)
    assert out.getvalue() == ""
    assert (Seller.objects.count(), Integration.objects.count(), ApiKey.objects.count()) == (1, 0, 0)
