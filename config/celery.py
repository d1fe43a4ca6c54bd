"""The Celery application. Settings and the beat table are in settings.py; tasks are in the apps."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("atoz-claims")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
