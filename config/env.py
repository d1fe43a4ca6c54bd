"""Typed readers of environment variables.

An empty value counts as unset. Secrets may come as `NAME_FILE`, the path of a file that holds the value, as
container platforms mount them. What the values mean is settings.py's business.
"""

import json
import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})


def text(name: str, default: str = "") -> str:
    """The value without surrounding blanks, or the default."""
    return os.environ.get(name, "").strip() or default


def secret(name: str) -> str:
    """The value of NAME, or the contents of the file NAME_FILE points to; "" when neither is set."""
    value = text(name)
    file_name = text(f"{name}_FILE")
    if value and file_name:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one of them.")
    if not file_name:
        return value
    try:
        return Path(file_name).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE={file_name} cannot be read: {error}") from error


def boolean(name: str, default: bool) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off."""
    word = text(name).lower()
    if not word:
        return default
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={word!r} is neither yes nor no (1/0, true/false, yes/no, on/off).")


def integer(name: str, default: int, *, least: int | None = None, most: int | None = None) -> int:
    """A whole number within the bounds, both included."""
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}={value!r} is not a whole number.") from error
    if (least is not None and number < least) or (most is not None and number > most):
        bounds = f"{'' if least is None else least}..{'' if most is None else most}"
        raise ImproperlyConfigured(f"{name}={number} is outside {bounds}.")
    return number


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A list separated by commas; blanks around the parts and empty parts are dropped."""
    return split_words(text(name)) or list(default)


def split_words(value: str) -> list[str]:
    """The non-empty parts between commas."""
    return [part.strip() for part in value.split(",") if part.strip()]


def path(name: str) -> Path | None:
    """An absolute path (a leading ~ is the home folder), or None when unset."""
    value = text(name)
    return Path(value).expanduser().absolute() if value else None


def json_object(name: str) -> dict[str, Any]:
    """A JSON object; {} when unset. May come as NAME_FILE, since it may hold secrets."""
    value = secret(name)
    if not value:
        return {}
    try:
        found = json.loads(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise ImproperlyConfigured(f"{name} must be a JSON object.")
    return found
