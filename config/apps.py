"""Makes config an application, for its commands and its system checks."""

from django.apps import AppConfig
from django.core import checks

from config.checks import check_configuration, check_database


class ConfigConfig(AppConfig):
    """The outermost layer: it may import every other application, none imports it."""

    name = "config"

    def ready(self) -> None:
        checks.register(check_configuration, "configuration")
        checks.register(check_database, checks.Tags.database)
