"""What a load balancer asks: is this process alive with a migrated database, and can it work now.

Whether the clocks are watched is /health/deadlines, which belongs to claims.
"""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)

MIGRATED = "health:migrated"


def is_migrated() -> bool:
    """Whether every migration of this code is applied. Remembered once true: migrations are never unmade live."""
    if cache.get(MIGRATED):
        return True
    executor = MigrationExecutor(connection)
    done = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if done:
        cache.set(MIGRATED, True, timeout=None)
    return done


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200 once migrations are applied, whether or not the database answers at this moment."""
    try:
        migrated = is_migrated()
    except DatabaseError as error:
        return unavailable("database", error)
    return JsonResponse({"status": "ok"}) if migrated else unavailable("migrations")


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers now and migrations are applied."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        migrated = is_migrated()
    except DatabaseError as error:
        return unavailable("database", error)
    return JsonResponse({"status": "ok", "database": "ok"}) if migrated else unavailable("migrations")


def unavailable(waiting_for: str, error: Exception | None = None) -> JsonResponse:
    """503 naming what is missing; the cause goes to the log, not to the open internet."""
    if error is not None:
        logger.warning("Health check: %s", error)
    return JsonResponse({"status": "unavailable", "waiting_for": waiting_for}, status=503)
