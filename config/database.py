"""Turns DATABASE_URL into Django's DATABASES entry; leaves starting a database to postgres.py."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SCHEMES = frozenset({"postgres", "postgresql"})
EMBEDDED_NAME = "claims"
EMBEDDED_USER = "postgres"
POOL_SIZE = 12


def embedded(socket_dir: Path, *, pooled: bool) -> dict[str, Any]:
    """The entry for the embedded server, reached by its socket folder only."""
    place = {
        "NAME": EMBEDDED_NAME,
        "USER": EMBEDDED_USER,
        "PASSWORD": "",
        "HOST": str(socket_dir),
        "PORT": "",
    }
    return entry(place, options={}, pooled=pooled)


def outside(url: str, *, pooled: bool) -> dict[str, Any]:
    """The entry for an outside server; `host` in the query string may name a socket folder."""
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in SCHEMES or not name:
        raise ImproperlyConfigured("DATABASE_URL must read postgresql://user:password@host:port/name.")
    options = dict(parse_qsl(parts.query))
    try:
        port = str(parts.port or options.pop("port", ""))
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL: {error}") from error
    place = {
        "NAME": name,
        "USER": unquote(parts.username or options.pop("user", "")),
        "PASSWORD": unquote(parts.password or options.pop("password", "")),
        "HOST": unquote(parts.hostname or "") or options.pop("host", ""),
        "PORT": port,
    }
    return entry(place, options=options, pooled=pooled)


def entry(place: dict[str, str], *, options: dict[str, Any], pooled: bool) -> dict[str, Any]:
    """What both kinds share. The pool is for the web only: commands, worker and beat fork or are short."""
    pool = {"min_size": 1, "max_size": POOL_SIZE, "timeout": 10}
    extra: dict[str, Any] = {"pool": pool} if pooled else {}
    return {
        "ENGINE": "django.db.backends.postgresql",
        **place,
        "OPTIONS": {"connect_timeout": 10, "application_name": "atoz-claims", **options, **extra},
        "CONN_MAX_AGE": 0 if pooled else 60,
        "CONN_HEALTH_CHECKS": not pooled,
    }
