"""Settings, URLs, API policy, the Celery application and the running of the product."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
