"""The HTTP side of shipping: `shipments/` and the answers of carriers posted to them."""
