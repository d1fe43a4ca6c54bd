"""`/health/deadlines`: the dead man's switch. Open without sign-in, so it tells numbers and never a name."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.api.fields import utc_text
from claims.selectors.health import EngineHealth, engine_health


@require_safe
@never_cache
def deadlines_health(request: HttpRequest) -> JsonResponse:
    """503 when nothing sweeps, or a warning is unsent a minute after its moment."""
    try:
        health = engine_health()
    except DatabaseError:
        return JsonResponse({"status": "database_unavailable"}, status=503)
    well = health.is_well(sweep_every=timedelta(seconds=settings.SWEEP_SECONDS))
    return JsonResponse(_body(health, well), status=200 if well else 503)


def _body(health: EngineHealth, well: bool) -> dict[str, Any]:
    age, oldest, swept = health.sweep_age, health.oldest_unsent_due_at, health.last_sweep_at
    return {
        "status": "ok" if well else "late",
        "last_sweep_at": utc_text(swept) if swept else None,
        "sweep_age_s": round(age.total_seconds(), 3) if age is not None else None,
        "oldest_unsent_due_at": utc_text(oldest) if oldest else None,
        "late_s": round(health.late.total_seconds(), 3),
        "failed_deliveries": health.failed_deliveries,
        "sellers_without_recipient": health.sellers_without_recipient,
    }
