"""Which viewsets accounts puts on the router of the API."""

from rest_framework.routers import BaseRouter

from accounts.api.channels import ChannelViewSet, MyChannelViewSet, SellerChannelViewSet
from accounts.api.keys import KeyViewSet
from accounts.api.me import MeViewSet
from accounts.api.rota import RotaViewSet
from accounts.api.sellers import SellerViewSet


def register(router: BaseRouter) -> None:
    router.register("sellers", SellerViewSet, basename="seller")
    router.register(r"sellers/(?P<seller_pk>[0-9]+)/rota", RotaViewSet, basename="rota")
    router.register(
        r"sellers/(?P<seller_pk>[0-9]+)/channels", SellerChannelViewSet, basename="seller-channel"
    )
    router.register("channels", ChannelViewSet, basename="channel")
    router.register("me/channels", MyChannelViewSet, basename="my-channel")
    router.register("keys", KeyViewSet, basename="key")
    router.register("me", MeViewSet, basename="me")
