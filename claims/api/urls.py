"""Which viewsets claims puts on the router of the API."""

from rest_framework.routers import BaseRouter

from claims.api.calendar import CalendarFeedViewSet
from claims.api.channels import ChannelTestViewSet
from claims.api.claims import ClaimViewSet
from claims.api.clocks import DeadlineViewSet, WarningViewSet
from claims.api.evidence import BundleViewSet, EvidenceViewSet, JobViewSet
from claims.api.ladders import LadderViewSet
from claims.api.notices import NoticeViewSet
from claims.api.previews import WarningPreviewViewSet
from claims.api.replies import ReplyViewSet
from claims.api.risk import RiskViewSet
from claims.api.sellers import PolicyViewSet

OF_SELLER = r"sellers/(?P<seller_pk>[0-9]+)"
OF_CLAIM = r"claims/(?P<claim_pk>[0-9]+)"


def register(router: BaseRouter) -> None:
    router.register(f"{OF_CLAIM}/warning-preview", WarningPreviewViewSet, basename="warning-preview")
    router.register("claims", ClaimViewSet, basename="claim")
    router.register("notices", NoticeViewSet, basename="notice")
    router.register("deadlines/summary", RiskViewSet, basename="risk")
    router.register("deadlines", DeadlineViewSet, basename="deadline")
    router.register("warnings", WarningViewSet, basename="warning")
    router.register("me/calendar", CalendarFeedViewSet, basename="calendar")
    router.register("evidence", EvidenceViewSet, basename="evidence")
    router.register("bundles", BundleViewSet, basename="bundle")
    router.register("replies", ReplyViewSet, basename="reply")
    router.register("jobs", JobViewSet, basename="job")
    router.register(f"{OF_SELLER}/policies", PolicyViewSet, basename="policy")
    router.register(f"{OF_SELLER}/ladders", LadderViewSet, basename="ladder")
    router.register(r"channels/(?P<channel_pk>[0-9]+)/test", ChannelTestViewSet, basename="channel-test")
