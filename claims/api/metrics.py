"""`/metrics`: the dead man's switch as Prometheus gauges. Open without sign-in, so it tells numbers, never a name.

The text format is short enough to be written here:
https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.selectors.counts import EngineCounts, engine_counts
from claims.selectors.health import EngineHealth, engine_health

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
#: A gauge: its name, what it tells, and its values by label.
Gauge = tuple[str, str, dict[str, float]]


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """200 also when the engine is late: the numbers say so. 503 where the database does not answer."""
    try:
        health, counts = engine_health(), engine_counts()
    except DatabaseError:
        return HttpResponse("# The database does not answer.\n", content_type=CONTENT_TYPE, status=503)
    return HttpResponse(_exposition(health, counts), content_type=CONTENT_TYPE)


def _exposition(health: EngineHealth, counts: EngineCounts) -> str:
    lines = []
    for name, told, values in _gauges(health, counts):
        lines += [f"# HELP {name} {told}", f"# TYPE {name} gauge"]
        lines += [
            f"{name}{label} {value:g}" if value % 1 else f"{name}{label} {value:.0f}"
            for label, value in values.items()
        ]
    return "\n".join([*lines, ""])


def _gauges(health: EngineHealth, counts: EngineCounts) -> Iterator[Gauge]:
    every = timedelta(seconds=settings.SWEEP_SECONDS)
    yield "atoz_healthy", "1 while /health/deadlines answers 200.", _one(health.is_well(sweep_every=every))
    age = health.sweep_age
    if age is not None:  # before the first round there is no age, and no number would be true
        yield "atoz_sweep_age_seconds", "Since the engine's last round.", _one(age.total_seconds())
    yield (
        "atoz_unsent_late_seconds",
        "How long the oldest unsent warning is due.",
        _one(health.late.total_seconds()),
    )
    by_status = {
        '{status="pending"}': float(counts.warnings_pending),
        '{status="failed"}': float(counts.warnings_failed),
    }
    yield "atoz_warnings", "Warnings that have reached nobody, by status.", by_status
    yield "atoz_deliveries_waiting", "Deliveries not yet sent.", _one(counts.deliveries_waiting)
    yield "atoz_deliveries_failed", "Deliveries that failed for good.", _one(health.failed_deliveries)
    without = health.sellers_without_recipient
    yield "atoz_sellers_without_recipient", "Sellers whose warnings only the operator hears.", _one(without)
    yield "atoz_jobs_queued", "Bundles and collections waiting to be made.", _one(counts.jobs_queued)


def _one(value: float) -> dict[str, float]:
    return {"": float(value)}
