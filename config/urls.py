"""Every address of the product."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from accounts.urls import urlpatterns as account_urls
from claims.api.calendar import calendar_feed
from claims.api.health import deadlines_health
from claims.api.metrics import metrics
from config import health
from config.api.router import router

home = login_required(RedirectView.as_view(url="/api/v1/claims/"))

to_sign_in = RedirectView.as_view(url=settings.LOGIN_URL, query_string=True)

account_pages = [path("accounts/", include(account_urls))]

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("accounts.urls")),
    path("", include((account_pages, "rest_framework"))),  # the names DRF's pages look for
    path("admin/login/", to_sign_in),  # one door, where guessing is slowed down
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health-live"),
    path("health/deadlines", deadlines_health, name="health-deadlines"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", metrics, name="metrics"),
    path("calendar/<slug:token>.ics", calendar_feed, name="calendar-feed"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/v1/", include(router.urls)),
]

handler400 = "config.api.errors.bad_request"
handler403 = "config.api.errors.permission_denied"
handler404 = "config.api.errors.not_found"
handler500 = "config.api.errors.server_error"
