"""Every address of the product."""

from importlib import import_module
from importlib.util import find_spec

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from config import health
from config.api.router import router

home = login_required(RedirectView.as_view(url="/api/v1/claims/"))

urlpatterns = [
    path("", home, name="home"),
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("api/v1/", include(router.urls)),
]

if find_spec("accounts.urls"):
    urlpatterns.append(path("accounts/", include("accounts.urls")))
if find_spec("claims.api") and find_spec("claims.api.health"):
    health_of_clocks = import_module("claims.api.health").deadlines_health
    urlpatterns.append(path("health/deadlines", health_of_clocks, name="health-deadlines"))

handler400 = "config.api.errors.bad_request"
handler403 = "config.api.errors.permission_denied"
handler404 = "config.api.errors.not_found"
handler500 = "config.api.errors.server_error"
