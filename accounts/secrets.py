"""Secrets that must be read again later (signing secrets), encrypted at rest with the installation's keys.

`settings.ENCRYPTION_KEYS` holds Fernet keys, newest first: the first writes, all may read, so a key is
changed by putting a new one in front.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableSecret(Exception):
    """No configured key opens it: a key was taken out of ENCRYPTION_KEYS too early."""


def _box() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.ENCRYPTION_KEYS])


def encrypted(clear: str) -> str:
    return _box().encrypt(clear.encode()).decode()


def decrypted(stored: str) -> str:
    try:
        return _box().decrypt(stored.encode()).decode()
    except InvalidToken as failed:
        raise UnreadableSecret("None of ENCRYPTION_KEYS opens this secret.") from failed
