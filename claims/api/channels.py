"""`channels/{id}/test/`: the button that shows whether warnings arrive."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import EmptySerializer
from accounts.api.viewsets import SellerScopedViewSet
from accounts.attempts import FailureLimit
from accounts.errors import NotVisible
from accounts.models import WarningChannel
from accounts.selectors import channels_visible_to
from claims.channels.sending import Outcome, Permanent, Retry
from claims.services.channel_sending import send_test

CHANNEL = OpenApiParameter("channel_pk", OpenApiTypes.INT, OpenApiParameter.PATH)
#: A test goes to whatever address was given: the button must not be a way to flood it.
TESTS = FailureLimit(name="channel-test", most=10, within=timedelta(minutes=10))
SENT, RETRY, REFUSED = "sent", "failed", "refused"
STATUSES = [
    (SENT, "taken by the receiver"),
    (RETRY, "failed, may work later"),
    (REFUSED, "refused for good: this target will not work"),
]


class TestedSerializer(serializers.Serializer[Any]):
    """What became of the test."""

    status = serializers.ChoiceField(choices=STATUSES, read_only=True)
    detail = serializers.CharField(read_only=True)


def described(outcome: Outcome) -> dict[str, str]:
    match outcome:
        case Permanent(reason=reason):
            return {"status": REFUSED, "detail": reason}
        case Retry(reason=reason):
            return {"status": RETRY, "detail": reason}
    return {"status": SENT, "detail": "The receiver has taken the message."}


class ChannelTestViewSet(SellerScopedViewSet):
    """Sends a test message over a channel, for whoever may change it."""

    queryset = WarningChannel.objects.none()
    serializer_class = EmptySerializer
    people_only: ClassVar = frozenset({"create"})
    pagination_class = None
    filter_backends = ()

    def get_queryset(self) -> QuerySet[WarningChannel]:
        return channels_visible_to(self.caller)

    @extend_schema(request=None, responses={200: TestedSerializer}, parameters=[CHANNEL])
    def create(self, request: Request, channel_pk: str) -> Response:
        """Send a test message now. The answer says what became of it; a failure is kept as the last error.

        It is sent also over a channel that is switched off, and ends none.
        """
        channel = self.get_queryset().filter(pk=channel_pk).first()
        if channel is None:
            raise NotVisible
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        person = str(self.caller.actor.user_id)
        if TESTS.is_reached(person):
            raise Throttled(wait=TESTS.within.total_seconds(), detail="Too many tests. Try again later.")
        TESTS.count_failure(person)
        outcome = send_test(channel=channel, asked_by=self.caller.actor.label, now=timezone.now())
        return Response(described(outcome))
