"""Addresses of calendar feeds: each is its own key, so only its hash is kept."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models.people import User


class FeedToken(models.Model):
    """The address of one person's calendar. Making a new one ends the old one; rows stay, for the record."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="feed_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, help_text="Written at most once a minute.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at__isnull=True), name="feed_token_one_in_use"
            ),
            models.CheckConstraint(
                name="feed_token_hash_is_sha256", condition=Q(("token_hash__regex", r"^[0-9a-f]{64}$"))
            ),
        ]

    def __str__(self) -> str:
        return f"calendar of {self.user}"
