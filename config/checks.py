"""System checks by number: a wrong configuration is refused at start, with what to do about it.

E001 SECRET_KEY missing · E002 ENCRYPTION_KEYS missing · E003 an encryption key is not a Fernet key ·
E004 TIME_ZONE is not UTC · E005 the database is not PostgreSQL 15 or newer in UTF-8 · W001 nobody to tell.
"""

from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.checks import Warning as Caution
from django.core.exceptions import ImproperlyConfigured
from django.db import DEFAULT_DB_ALIAS, connection

LEAST_VERSION = 150000
FERNET_HINT = (
    "Make one: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
)


def check_configuration(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What can be judged without a server."""
    found: list[CheckMessage] = []
    if not settings.DATABASE_EMBEDDED:
        if not has_secret_key():
            found.append(
                Error("DATABASE_URL needs SECRET_KEY.", hint="50 random characters.", id="config.E001")
            )
        if not settings.ENCRYPTION_KEYS:
            found.append(Error("DATABASE_URL needs ENCRYPTION_KEYS.", hint=FERNET_HINT, id="config.E002"))
        if not settings.OPERATOR_EMAIL:
            found.append(
                Caution("OPERATOR_EMAIL is unset: warnings nobody takes are only printed.", id="config.W001")
            )
    for position, key in enumerate(settings.ENCRYPTION_KEYS, start=1):
        if not is_fernet_key(key):
            text = f"ENCRYPTION_KEYS: the key at place {position} is not a Fernet key."
            found.append(Error(text, hint=FERNET_HINT, id="config.E003"))
    if settings.TIME_ZONE != "UTC" or not settings.USE_TZ:
        found.append(Error("Storage and arithmetic are in UTC: TIME_ZONE must stay 'UTC'.", id="config.E004"))
    return found


def check_database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """What only the server knows; asked before migrations."""
    if not databases or DEFAULT_DB_ALIAS not in databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_encoding')"
        )
        version, encoding = cursor.fetchone()
    if version >= LEAST_VERSION and encoding == "UTF8":
        return []
    text = f"The database is PostgreSQL {version // 10000} in {encoding}; it must be 15 or newer, in UTF8."
    return [Error(text, id="config.E005")]


def has_secret_key() -> bool:
    """Django itself refuses to read an empty one."""
    try:
        return bool(settings.SECRET_KEY)
    except ImproperlyConfigured:
        return False


def refuse_wrong_configuration() -> None:
    """For servers that no command starts: the errors of above, by number."""
    errors = [message for message in check_configuration(None) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured("\n".join(str(message) for message in errors))


def is_fernet_key(key: str) -> bool:
    """Whether the text is 32 bytes in URL-safe base64."""
    try:
        Fernet(key)
    except ValueError:
        return False
    return True
