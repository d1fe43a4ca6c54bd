"""How a list of shipments is narrowed. Always within what the caller may see."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from shipping.models import Shipment
from shipping.numbers import normalised
from shipping.vocabulary import ParcelStatus


class ShipmentFilter(filters.FilterSet):
    order_id = filters.CharFilter()
    tracking_number = filters.CharFilter(method="with_number", label="Tracking number")
    seller = filters.CharFilter(field_name="seller__merchant_token", label="Seller (merchant token)")
    status = filters.ChoiceFilter(choices=ParcelStatus.choices)

    class Meta:
        model = Shipment
        fields: tuple[str, ...] = ()

    def with_number(self, rows: QuerySet[Shipment], name: str, value: str) -> QuerySet[Shipment]:
        return rows.filter(tracking_number=normalised(value))
