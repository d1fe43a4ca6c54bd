"""Where warnings go besides the members' own mailboxes: chats, telephones, programs and other mailboxes.

Rows only. What a target may be is in `accounts.channels`, writing in `accounts.services.channels`.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.channels.words import AUDIENCES, ChannelAudience, ChannelKind
from accounts.models.people import Seller, User


def every_audience() -> list[str]:
    """A new room hears all."""
    return list(AUDIENCES)


class WarningChannel(models.Model):
    """A member's own channel, or (without `user`) a room that hears what the seller's audiences hear.

    The target and the signing secret are encrypted and never shown again; `target_hint` is what is shown.
    A target that was refused for good ends the channel (`disabled_at`); `tell_owners_at` is the next moment to
    write to the owners about it, null once they know.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="channels")
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="channels")
    kind = models.CharField(max_length=16, choices=ChannelKind.choices)
    label = models.CharField(max_length=100)
    target_encrypted = models.TextField()
    target_hint = models.CharField(max_length=400)
    signing_secret_encrypted = models.TextField(blank=True, default="")
    audiences = ArrayField(
        models.CharField(max_length=16, choices=ChannelAudience.choices), default=every_audience
    )
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.TextField(blank=True, default="")
    tell_owners_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True, default="")
    last_error_at = models.DateTimeField(null=True, blank=True)
    last_sent_at = models.DateTimeField(null=True, blank=True, help_text="Written at most once a minute.")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(name="channel_kind_known", condition=Q(kind__in=ChannelKind.values)),
            models.CheckConstraint(name="channel_has_target", condition=~Q(target_encrypted="")),
            models.CheckConstraint(
                name="channel_webhook_is_signed",
                condition=Q(kind=ChannelKind.WEBHOOK) ^ Q(signing_secret_encrypted=""),
            ),
            models.CheckConstraint(
                name="channel_audiences_known",
                condition=Q(audiences__contained_by=list(AUDIENCES)) & Q(audiences__len__gt=0),
            ),
            models.CheckConstraint(
                name="channel_disabled_is_not_active",
                condition=Q(disabled_at__isnull=True) | Q(is_active=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["seller", "user"], name="channel_active", condition=Q(is_active=True)),
            models.Index(
                fields=["tell_owners_at"],
                name="channel_tell_owners",
                condition=Q(tell_owners_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.kind}, {self.target_hint})"
