"""The one router under /api/v1/. Each application registers its own viewsets in `<app>.api.urls.register`."""

from importlib import import_module
from importlib.util import find_spec

from rest_framework.routers import DefaultRouter

router = DefaultRouter()
router.include_format_suffixes = False
for name in ("claims.api", "shipping.api", "accounts.api"):
    if find_spec(name) and find_spec(f"{name}.urls"):
        import_module(f"{name}.urls").register(router)
