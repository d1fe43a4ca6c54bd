"""Which viewsets shipping puts on the router of the API."""

from rest_framework.routers import BaseRouter

from shipping.api.sources import SourceViewSet, TrackingEndpointViewSet
from shipping.api.views import ShipmentViewSet
from shipping.api.webhooks import TrackingWebhookViewSet


def register(router: BaseRouter) -> None:
    router.register("shipments", ShipmentViewSet, basename="shipment")
    router.register(r"sellers/(?P<seller_pk>[0-9]+)/sources", SourceViewSet, basename="source")
    router.register(
        r"sellers/(?P<seller_pk>[0-9]+)/tracking-endpoints",
        TrackingEndpointViewSet,
        basename="tracking-endpoint",
    )
    router.register(
        r"tracking-webhooks/(?P<endpoint_id>[A-Za-z0-9_-]{1,64})",
        TrackingWebhookViewSet,
        basename="tracking-webhook",
    )
