"""What sellers, members and keys look like in requests and answers."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.reverse import reverse
from rest_framework.utils import html

from accounts.access import caller_of
from accounts.api.fields import (
    AwareDateTimeField,
    MarketplaceField,
    StrictSerializer,
    TimeZoneField,
    YesNoField,
)
from accounts.api.quiet_hours import QuietHoursSerializer, quiet_hours_shown
from accounts.models import (
    ANSWER_MAX_LENGTH_DEFAULT,
    MERCHANT_TOKEN,
    Membership,
    RequiredConfirmation,
    Role,
    Seller,
)
from accounts.scopes import SCOPES

PERSON = RegexValidator(r"\A[A-Za-z0-9][\w.@+-]*\Z", "Letters, digits and @ . + - _ only.", flags=re.ASCII)
SCOPE_CHOICES = [("all", "all: every scope"), *((scope, scope) for scope in SCOPES)]
SHORT_INTEGER = 32_767
INTEGER = 2_147_483_647


class WordList(list[str]):
    """A list that a form's text box shows as words."""

    def __str__(self) -> str:
        return " ".join(self)


class MarketplaceListField(serializers.ListField):
    """Marketplace ids; empty means all. A form gives them in one text box, with spaces or commas between."""

    child = MarketplaceField()

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 50)
        kwargs.setdefault("style", {"base_template": "input.html", "placeholder": "empty: all"})
        super().__init__(**kwargs)

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        given = super().get_value(dictionary)
        if html.is_html_input(dictionary) and isinstance(given, list):
            return [word for text in given for word in re.split(r"[\s,]+", str(text)) if word]
        return given

    def to_internal_value(self, data: Any) -> list[str]:
        return list(dict.fromkeys(super().to_internal_value(data)))

    def to_representation(self, data: Any) -> WordList:
        return WordList(super().to_representation(data))


class SellerSettingsSerializer(StrictSerializer):
    """What an owner may set."""

    name = serializers.CharField(max_length=200, required=False)
    time_zone = TimeZoneField(max_length=64, default="UTC", help_text="IANA name, such as Europe/Rome.")
    marketplaces = MarketplaceListField(required=False, help_text="Marketplace ids; empty means all.")
    require_confirmation = serializers.ChoiceField(
        choices=RequiredConfirmation.choices,
        default=RequiredConfirmation.NONE,
        help_text="What must be handed in when a submission is confirmed.",
    )
    four_eyes = YesNoField(
        default=False, help_text="A reply must be approved by someone other than its author."
    )
    answer_max_length = serializers.IntegerField(
        min_value=1, max_value=INTEGER, default=ANSWER_MAX_LENGTH_DEFAULT, help_text="Characters."
    )
    assembly_lead_hours = serializers.IntegerField(
        min_value=0,
        max_value=SHORT_INTEGER,
        default=4,
        help_text="Hours before the target at which bundle and reply are assembled anyway.",
    )
    retention_days = serializers.IntegerField(
        min_value=1, max_value=INTEGER, allow_null=True, default=None, help_text="Empty: for ever."
    )


class NewSellerSerializer(SellerSettingsSerializer):
    merchant_token = serializers.CharField(max_length=64, validators=[MERCHANT_TOKEN])

    def get_fields(self) -> dict[str, Any]:
        """The form asks who it is before it asks for settings."""
        fields = super().get_fields()
        return {"merchant_token": fields.pop("merchant_token"), **fields}


class SellerSerializer(SellerSettingsSerializer):
    """A seller as its members see it."""

    id = serializers.IntegerField(read_only=True)
    url = serializers.HyperlinkedIdentityField(view_name="seller-detail")
    merchant_token = serializers.CharField(read_only=True)
    role = serializers.SerializerMethodField(help_text="The caller's own role here.")
    created_at = AwareDateTimeField(read_only=True)

    def get_fields(self) -> dict[str, Any]:
        """Who it is, then its settings."""
        fields = super().get_fields()
        first = {name: fields.pop(name) for name in ("id", "url", "merchant_token")}
        return {**first, **fields}

    def get_role(self, seller: Seller) -> str | None:
        return caller_of(self.context["request"]).role(seller.pk)


class PersonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(read_only=True)
    username = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    is_active = serializers.BooleanField(read_only=True)


class ChangeMemberSerializer(StrictSerializer):
    """A member; role, on-call and activity may be changed by an owner."""

    id = serializers.IntegerField(read_only=True)
    url = serializers.SerializerMethodField()
    seller = serializers.CharField(source="seller.merchant_token", read_only=True)
    user = PersonSerializer(read_only=True)
    role = serializers.ChoiceField(choices=Role.choices)
    on_call = YesNoField(help_text="Hears the warnings of unassigned claims.")
    is_active = YesNoField()
    quiet_hours = serializers.SerializerMethodField(help_text="Null: warnings come at once at any hour.")
    created_at = AwareDateTimeField(read_only=True)

    @extend_schema_field(QuietHoursSerializer(allow_null=True))
    def get_quiet_hours(self, member: Membership) -> dict[str, Any] | None:
        return quiet_hours_shown(member)

    def get_url(self, member: Membership) -> str:
        path = {"pk": member.seller_id, "member_id": member.pk}
        return reverse("seller-member", kwargs=path, request=self.context.get("request"))


class NewMemberSerializer(StrictSerializer):
    """Name somebody you already work with, give a link code, or describe a new person."""

    username = serializers.CharField(
        max_length=80,
        required=False,
        allow_blank=True,
        validators=[PERSON],
        help_text="A new account is named <username>@<merchant token>.",
    )
    email = serializers.EmailField(required=False, allow_blank=True)
    link_code = serializers.CharField(
        max_length=200,
        required=False,
        allow_blank=True,
        help_text="For a person who has an account outside your sellers; he finds the code at me/.",
    )
    role = serializers.ChoiceField(choices=Role.choices, default=Role.AGENT)
    on_call = YesNoField(default=False, help_text="Hears the warnings of unassigned claims.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = bool(attrs.get("username") or attrs.get("email"))
        if named == bool(attrs.get("link_code")):
            detail = "Give either a user name or e-mail address, or a link code."
            raise ValidationError({"username": [detail]}, code="required")
        return attrs


class AddedMemberSerializer(ChangeMemberSerializer):
    one_time_password = serializers.CharField(
        read_only=True, allow_null=True, help_text="Of a new account; shown this once."
    )


class KeySerializer(serializers.Serializer[Any]):
    """A key without its secret."""

    id = serializers.IntegerField(read_only=True)
    url = serializers.HyperlinkedIdentityField(view_name="key-detail")
    seller = serializers.CharField(source="integration.seller.merchant_token", read_only=True)
    integration = serializers.CharField(source="integration.name", read_only=True)
    prefix = serializers.CharField(read_only=True)
    scopes = serializers.ListField(child=serializers.CharField(), read_only=True)
    signing = serializers.SerializerMethodField(help_text="Whether the key has a signing secret.")
    require_signature = serializers.BooleanField(read_only=True)
    created_at = AwareDateTimeField(read_only=True)
    last_used_at = AwareDateTimeField(read_only=True, allow_null=True)
    revoked_at = AwareDateTimeField(read_only=True, allow_null=True)

    def get_signing(self, key: Any) -> bool:
        return bool(key.signing_secret_encrypted)


class NewKeySerializer(StrictSerializer):
    integration = serializers.CharField(
        max_length=100, help_text="The name of the program; several keys may share it."
    )
    scopes = serializers.MultipleChoiceField(choices=SCOPE_CHOICES, allow_empty=False)
    signing = YesNoField(default=False, help_text="Also make a Standard Webhooks secret for signing posts.")
    require_signature = YesNoField(
        default=False, help_text="Refuse posts that are not signed; makes a signing secret too."
    )


class CreatedKeySerializer(KeySerializer):
    key = serializers.CharField(read_only=True, help_text="Shown this once.")
    signing_secret = serializers.CharField(read_only=True, allow_null=True, help_text="Shown this once.")


class EmptySerializer(StrictSerializer):
    """No fields: the action needs nothing more."""
