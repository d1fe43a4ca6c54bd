"""Who may come in: users, sellers, memberships, integrations and their keys.

Rows only. Rules live in `accounts.roles` and `accounts.scopes`.
"""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.roles import Role

ANSWER_MAX_LENGTH_DEFAULT = 4000
MERCHANT_TOKEN = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z",
    "A merchant token has letters, digits, dots and dashes, at most 64.",
)


class RequiredConfirmation(models.TextChoices):
    """What an agent must hand in when confirming that a reply was pasted into Seller Central."""

    NONE = "none", "Nothing"
    TEXT = "text", "The pasted text"
    SCREENSHOT = "screenshot", "A screenshot"


class User(AbstractUser):
    """A person who signs in. What he sees comes from his memberships alone."""

    time_zone = models.CharField(
        max_length=64, blank=True, default="", help_text="IANA name; empty: times in the seller's zone."
    )
    must_change_password = models.BooleanField(
        default=False, help_text="Set while the password is the one-time one that an owner was shown."
    )

    class Meta(AbstractUser.Meta):
        pass


class Seller(models.Model):
    """One merchant account at Amazon: the wall that nothing crosses."""

    merchant_token = models.CharField(max_length=64, unique=True, validators=[MERCHANT_TOKEN])
    name = models.CharField(max_length=200)
    time_zone = models.CharField(max_length=64, default="UTC")
    marketplaces = ArrayField(
        models.CharField(max_length=32), default=list, blank=True, help_text="Marketplace ids; empty: all."
    )
    require_confirmation = models.CharField(
        max_length=16, choices=RequiredConfirmation.choices, default=RequiredConfirmation.NONE
    )
    four_eyes = models.BooleanField(
        default=False, help_text="A reply must be approved by someone other than its author."
    )
    answer_max_length = models.PositiveIntegerField(
        default=ANSWER_MAX_LENGTH_DEFAULT, help_text="Characters that an answer to Amazon may have."
    )
    assembly_lead_hours = models.PositiveSmallIntegerField(
        default=4, help_text="Hours before the target at which bundle and reply are assembled anyway."
    )
    retention_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Days to keep settled claims; empty means for ever."
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["merchant_token"]
        constraints: ClassVar = [
            models.CheckConstraint(name="seller_token_present", condition=~Q(merchant_token="")),
            models.CheckConstraint(name="seller_name_present", condition=~Q(name="")),
            models.CheckConstraint(
                name="seller_confirmation_known",
                condition=Q(require_confirmation__in=RequiredConfirmation.values),
            ),
            models.CheckConstraint(name="seller_answer_length_set", condition=Q(answer_max_length__gt=0)),
            models.CheckConstraint(
                name="seller_retention_positive",
                condition=Q(retention_days__isnull=True) | Q(retention_days__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.merchant_token})"


class Membership(models.Model):
    """A person's role for a seller. Ended by `is_active`, never deleted: history points at it."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    on_call = models.BooleanField(default=False, help_text="Hears the warnings of unassigned claims.")
    is_active = models.BooleanField(default=True)
    quiet_from = models.TimeField(null=True, blank=True, help_text="Early warnings wait while it is quiet.")
    quiet_until = models.TimeField(null=True, blank=True)
    quiet_time_zone = models.CharField(
        max_length=64,
        blank=True,
        default="",
        help_text="IANA name; empty: the person's zone, else the seller's.",
    )
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "seller"], name="membership_once"),
            models.CheckConstraint(name="membership_role_known", condition=Q(role__in=Role.values)),
            models.CheckConstraint(
                name="membership_quiet_hours_whole",
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False) & ~Q(quiet_from=F("quiet_until")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["seller", "role"], name="membership_active", condition=Q(is_active=True)),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.seller.merchant_token}"


class Integration(models.Model):
    """A program of one seller. Its keys come and go; notices belong to the integration."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="integrations")
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller", "name"], name="integration_name_once"),
            models.CheckConstraint(name="integration_name_present", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.seller.merchant_token}"


class ApiKey(models.Model):
    """One key of an integration. The key itself is shown once and never stored, only its SHA-256."""

    integration = models.ForeignKey(Integration, on_delete=models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=16, unique=True, help_text="The part before the dot; no secret.")
    key_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=32), default=list)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="Written at most once a minute.")
    signing_secret_encrypted = models.TextField(blank=True, default="")
    require_signature = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="api_key_prefix_present", condition=~Q(prefix="")),
            models.CheckConstraint(
                name="api_key_hash_is_sha256", condition=Q(key_hash__regex=r"^[0-9a-f]{64}$")
            ),
            models.CheckConstraint(
                name="api_key_required_signature_has_secret",
                condition=Q(require_signature=False) | ~Q(signing_secret_encrypted=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.prefix}… of {self.integration}"
