"""The web application for any WSGI server. The database pool is for the web only, so it is chosen here."""

import os

from django.core.wsgi import get_wsgi_application

from config.checks import refuse_wrong_configuration

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL", "1")

refuse_wrong_configuration()
application = get_wsgi_application()
