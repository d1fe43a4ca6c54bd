"""All row locks of shipping: one parcel at a time, so that no two orders of locking can meet."""

from shipping.models import Shipment


def locked_shipment(shipment_id: int) -> Shipment:
    """The shipment as it stands now, held until the transaction ends."""
    return Shipment.objects.select_for_update(of=("self",)).get(pk=shipment_id)
