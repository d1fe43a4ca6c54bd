"""`/calendar/{token}.ics`: the clocks of one person's sellers as a calendar; `me/calendar/`: its address.

Whoever has the address reads the calendar, so the address is made at will, shown once, and ended at will.
"""

import hashlib
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.access import caller_of, caller_of_user
from accounts.api.serializers import EmptySerializer
from accounts.errors import PermissionRefused
from accounts.models import FeedToken, User
from accounts.selectors import feed_behind, feed_of
from accounts.services.feeds import hash_of_token, make_feed, note_feed_use, revoke_feed
from claims.api.serializers import parts
from claims.models import Deadline
from claims.risk_calendar import CalendarEvent, calendar_of
from claims.selectors.clocks import order_id_of
from claims.selectors.risk import clocks_on_calendar
from claims.warning_text import absolute, asked_for

NAME = "A-to-z deadlines"
MEDIA_TYPE = "text/calendar; charset=utf-8"
#: The nearest ones; a calendar with more shows nobody anything.
EVENTS_AT_MOST = 500


@extend_schema_serializer(many=False)
class FeedSerializer(serializers.Serializer[Any]):
    """Whether your calendar has an address; the address itself was shown when it was made."""

    in_use = parts.flag()
    created_at = parts.maybe_moment()
    last_used_at = parts.maybe_moment()


class MadeFeedSerializer(serializers.Serializer[Any]):
    url = serializers.URLField(read_only=True, help_text="Shown this once: subscribe to it in your calendar.")
    in_use = parts.flag()
    created_at = parts.moment()


def _described(feed: FeedToken | None) -> dict[str, Any]:
    shown: dict[str, Any] = FeedSerializer(
        {
            "in_use": feed is not None,
            "created_at": feed.created_at if feed else None,
            "last_used_at": feed.last_used_at if feed else None,
        }
    ).data
    return dict(shown)


class CalendarFeedViewSet(GenericViewSet[Any]):
    """The deadlines of your sellers as a calendar to subscribe to.

    Whoever knows its address can read order ids and times. A new address ends the one before.
    """

    people_only: ClassVar = frozenset({"list", "create", "revoke"})
    scopes: ClassVar[dict[str, str]] = {}
    serializer_class = EmptySerializer
    pagination_class = None
    filter_backends = ()

    @property
    def person(self) -> User:
        """Raises PermissionRefused for a key."""
        user = caller_of(self.request).user
        if user is None:
            raise PermissionRefused("A key has no calendar.", code="people_only")
        return user

    @extend_schema(operation_id="me_calendar_show", responses=FeedSerializer)
    def list(self, request: Request) -> Response:
        """Whether your calendar has an address, and when it was read last."""
        return Response(_described(feed_of(self.person)))

    @extend_schema(request=EmptySerializer, responses={201: MadeFeedSerializer})
    def create(self, request: Request) -> Response:
        """Make a new address; the one before ends. It is shown this once: copy it into your calendar now."""
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        made = make_feed(user=self.person, now=timezone.now())
        url = request.build_absolute_uri(reverse("calendar-feed", kwargs={"token": made.token}))
        shown = {"url": url, "in_use": True, "created_at": made.feed.created_at}
        body = dict(MadeFeedSerializer(shown).data)
        return Response(body, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(request=EmptySerializer, responses=FeedSerializer)
    @action(detail=False, methods=["post"])
    def revoke(self, request: Request) -> Response:
        """End the address, from its next request on. Repeating it changes nothing."""
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        revoke_feed(user=self.person, now=timezone.now())
        return Response(_described(feed_of(self.person)))

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """A person who follows a link to `revoke/` gets its form."""
        renderer = getattr(request, "accepted_renderer", None)
        if request.method == "GET" and renderer is not None and renderer.format == "api":
            return Response({"detail": "Fill in the form below."})
        return super().http_method_not_allowed(request, *args, **kwargs)


@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind an address; one that is unknown, ended, or whose owner is gone is not there."""
    feed = feed_behind(hash_of_token(token))
    if feed is None:
        raise Http404
    note_feed_use(feed_id=feed.pk, now=timezone.now())
    clocks = clocks_on_calendar(caller_of_user(feed.user), EVENTS_AT_MOST)
    events = [_event(clock, feed.user) for clock in clocks]
    # Of what is in it, not of its bytes: programs ask every few minutes, and writing it out costs the most.
    etag = f'W/"{hashlib.sha256(repr(events).encode()).hexdigest()}"'
    unchanged = get_conditional_response(request, etag=etag)
    response = HttpResponse(content_type=MEDIA_TYPE) if unchanged is None else unchanged
    if unchanged is None:
        response.write(calendar_of(events, name=NAME))
        response["Content-Disposition"] = 'inline; filename="a-to-z-deadlines.ics"'
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    assert isinstance(response, HttpResponse)
    return response


def _event(clock: Deadline, user: User) -> CalendarEvent:
    base = settings.BASE_URL.rstrip("/")
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    order_id = order_id_of(clock)
    about = f"order {order_id}" if order_id else "a letter nobody has read"
    missed = "MISSED: " if clock.status == Deadline.Status.MISSED else ""
    zone = user.time_zone or clock.seller.time_zone
    lines = [
        f"Seller: {clock.seller.name}",
        f"Aim at: {absolute(clock.target_at, zone)}",
        f"Time is up: {absolute(clock.due_at, zone)}",
    ]
    path = (
        reverse("claim-detail", args=[clock.claim_id])
        if clock.claim_id
        else reverse("notice-detail", args=[clock.notice_id])
    )
    return CalendarEvent(
        uid=f"deadline-{clock.pk}@{host}",
        sequence=clock.version,
        at=clock.target_at,
        changed_at=clock.started_at,
        summary=f"{missed}{asked_for(clock.kind)}: {about}",
        description="\n".join(lines),
        url=f"{base}{path}",
    )
