"""The words of warning channels. Pure."""

from typing import Final

from django.db import models


class ChannelKind(models.TextChoices):
    """How a channel carries a warning."""

    EMAIL = "email", "E-mail"
    WEBHOOK = "webhook", "Signed webhook (Standard Webhooks)"
    APPRISE = "apprise", "Chat, SMS or push, by an Apprise address"


class ChannelAudience(models.TextChoices):
    """Whose warnings a seller's room listens to."""

    ASSIGNEE = "assignee", "Those for the assignee"
    ON_CALL = "on_call", "Those for everyone on call"
    LEADS = "leads", "Those for leads"
    OWNERS = "owners", "Those for owners"


AUDIENCES: Final = tuple(ChannelAudience.values)
