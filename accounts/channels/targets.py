"""What may be given as the target of a channel, and what is shown of it afterwards.

Targets are secrets: whoever knows a chat's web hook can write into it. Names are not resolved here; that is
done by whoever connects, at that moment.
"""

from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from accounts.channels import chat_services
from accounts.channels.addresses import TargetRefused, refuse_local_host
from accounts.channels.words import ChannelKind

LONGEST_TARGET: Final = 2000
_LAST: Final = 4
_LONG_ENOUGH: Final = 12


@dataclass(frozen=True, slots=True)
class CheckedTarget:
    """`hint` is what may be shown."""

    text: str = field(repr=False)
    hint: str


def checked_target(kind: str, text: str, *, allow_private: bool) -> CheckedTarget:
    """Raises TargetRefused, with a reason that does not repeat the target."""
    given = text.strip()
    if not given or len(given) > LONGEST_TARGET or not given.isprintable() or " " in given:
        raise TargetRefused("Give one address, without blanks.")
    match ChannelKind(kind):
        case ChannelKind.EMAIL:
            return _mail(given)
        case ChannelKind.WEBHOOK:
            return _webhook(given, allow_private=allow_private)
        case ChannelKind.APPRISE:
            chat_services.opened(given, allow_private=allow_private)
            return _chat(chat_services.own_form(given))


def _mail(given: str) -> CheckedTarget:
    try:
        validate_email(given)
    except ValidationError as refused:
        raise TargetRefused("Not a mail address.") from refused
    name, _, domain = given.rpartition("@")
    return CheckedTarget(given, f"{name[0]}…@{domain}")


def _webhook(given: str, *, allow_private: bool) -> CheckedTarget:
    try:
        url = parse_url(given)
    except LocationParseError as refused:
        raise TargetRefused("Not an address that can be called.") from refused
    if url.scheme not in ("https", "http") or not url.host:
        raise TargetRefused("Give an address that begins with https://.")
    if url.scheme == "http" and not allow_private:
        raise TargetRefused("Only https: the message must not be readable on its way.")
    if url.auth is not None or url.fragment is not None:
        raise TargetRefused("No user, password or fragment in the address; the signature proves the sender.")
    if not allow_private:
        refuse_local_host(url.host)
    port = f":{url.port}" if url.port else ""
    rest = (url.path or "") + (f"?{url.query}" if url.query else "")
    return CheckedTarget(url.url, f"{url.scheme}://{url.host}{port}/{_end(rest)}")


def _chat(address: str) -> CheckedTarget:
    """The host of a service's own web hook is no secret; that of Apprise's form often is one."""
    scheme, _, rest = address.partition("://")
    host, slash, path = rest.partition("/")
    shown = f"{host}/{_end(path)}" if scheme.lower() == "https" and slash else _end(rest)
    return CheckedTarget(address, f"{scheme.lower()}://{shown}")


def _end(secret: str) -> str:
    """The last characters of what is long enough to stay secret without them."""
    bare = secret.rstrip("/")
    return f"…{bare[-_LAST:]}" if len(bare) >= _LONG_ENOUGH else "…"
