"""Calendar addresses: made, ended, and their use noted. The token in an address is shown once."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.models import FeedToken, User

TOKEN_BYTES = 32
USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MadeFeed:
    """A new address; `token` is in clear here and nowhere else."""

    feed: FeedToken
    token: str = field(repr=False)


def hash_of_token(token: str) -> str:
    """256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, user: User, now: datetime) -> MadeFeed:
    """A new address for the person's calendar; the one he had ends."""
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    _end(user, now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = FeedToken.objects.create(user=user, token_hash=hash_of_token(token), created_at=now)
    return MadeFeed(feed, token)


def revoke_feed(*, user: User, now: datetime) -> bool:
    """Ends the person's address, from its next request on; False where he has none."""
    return _end(user, now) > 0


def note_feed_use(*, feed_id: int, now: datetime) -> None:
    """Writes `last_used_at` at most once a minute, however many programs ask."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    FeedToken.objects.filter(stale, pk=feed_id).update(last_used_at=now)


def _end(user: User, now: datetime) -> int:
    return FeedToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)
