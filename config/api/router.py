"""The one router under /api/v1/. Each application registers its own viewsets in `<app>.api.urls.register`."""

from rest_framework.routers import DefaultRouter

from accounts.api.urls import register as register_accounts
from claims.api.urls import register as register_claims
from shipping.api.urls import register as register_shipping

router = DefaultRouter()
router.include_format_suffixes = False
register_claims(router)
register_shipping(router)
register_accounts(router)
