"""Rows of the accounts app. Only services write them; selectors read them."""

from accounts.models.channels import WarningChannel
from accounts.models.feeds import FeedToken
from accounts.models.people import (
    ANSWER_MAX_LENGTH_DEFAULT,
    MERCHANT_TOKEN,
    ApiKey,
    Integration,
    Membership,
    RequiredConfirmation,
    Seller,
    User,
)
from accounts.models.rota import HandOver, OnCallShift
from accounts.roles import Role

__all__ = [
    "ANSWER_MAX_LENGTH_DEFAULT",
    "MERCHANT_TOKEN",
    "ApiKey",
    "FeedToken",
    "HandOver",
    "Integration",
    "Membership",
    "OnCallShift",
    "RequiredConfirmation",
    "Role",
    "Seller",
    "User",
    "WarningChannel",
]
