"""Which viewsets shipping puts on the router of the API."""

from rest_framework.routers import BaseRouter

from shipping.api.views import ShipmentViewSet


def register(router: BaseRouter) -> None:
    router.register("shipments", ShipmentViewSet, basename="shipment")
