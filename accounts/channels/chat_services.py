"""Which services of the library Apprise may be used, and how their addresses are read.

An allow-list: Apprise also knows addresses that write files, run programs, talk to the local bus or post
anywhere, and parameters that read files, switch certificates off or wait for minutes. Services that live at a
host of the seller's choice are for installations that allow private addresses: their answers are read
without a limit.
"""

import re
from functools import cache
from typing import Any, Final

from apprise import Apprise, AppriseAsset, PersistentStoreMode, URLBase

from accounts.channels.addresses import TargetRefused

NOTIFY_SECONDS: Final = 10

#: Scheme and name; the library knows the host of each, or it is checked below.
SERVICES: Final = {
    "bulksms": "BulkSMS",
    "clicksend": "ClickSend (SMS)",
    "dingtalk": "DingTalk",
    "discord": "Discord",
    "feishu": "Feishu",
    "gchat": "Google Chat",
    "lark": "Lark",
    "line": "LINE",
    "msgbird": "MessageBird (SMS)",
    "nexmo": "Vonage (SMS)",
    "opsgenie": "Opsgenie",
    "pagerduty": "PagerDuty",
    "pbul": "Pushbullet",
    "plivo": "Plivo (SMS)",
    "pover": "Pushover",
    "prowl": "Prowl",
    "pushplus": "Pushplus (WeChat)",
    "schan": "ServerChan (WeChat)",
    "signl4": "SIGNL4",
    "sinch": "Sinch (SMS)",
    "slack": "Slack",
    "tgram": "Telegram",
    "threema": "Threema",
    "twilio": "Twilio (SMS)",
    "vonage": "Vonage (SMS)",
    "webex": "Webex",
    "wecombot": "WeCom",
    "whatsapp": "WhatsApp",
    "workflow": "Microsoft Teams (Workflows)",
    "workflows": "Microsoft Teams (Workflows)",
    "wxpusher": "WxPusher (WeChat)",
    "wxteams": "Webex",
}
#: Whose address names a host: it must be one of the vendor's.
VENDOR_HOSTS: Final = {
    "workflow": (".logic.azure.com", ".api.powerplatform.com"),
    "workflows": (".logic.azure.com", ".api.powerplatform.com"),
}
SELF_HOSTED: Final = {
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "mmost": "Mattermost",
    "mmosts": "Mattermost",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "rocket": "Rocket.Chat",
    "rockets": "Rocket.Chat",
}
#: Parameters that only say to whom and how it looks.
PARAMETERS: Final = frozenset(
    [
        "access_token",
        "api-version",
        "avatar",
        "blocks",
        "botname",
        "channel",
        "class",
        "component",
        "device",
        "footer",
        "format",
        "from",
        "group",
        "id",
        "image",
        "key",
        "lang",
        "location",
        "mdv",
        "mode",
        "name",
        "pa",
        "ping",
        "priority",
        "region",
        "route",
        "secret",
        "sender",
        "service",
        "severity",
        "sig",
        "signature",
        "silent",
        "sound",
        "source",
        "sp",
        "sv",
        "thread",
        "token",
        "topic",
        "to",
        "ttl",
        "ver",
        "workflow",
        "wrap",
    ]
)
#: Web hooks as their services hand them out, for those that Apprise does not read itself.
_NATIVE: Final = (
    (re.compile(r"https://oapi\.dingtalk\.com/robot/send\?access_token=([A-Za-z0-9]+)"), "dingtalk"),
    (re.compile(r"https://open\.feishu\.cn/open-apis/bot/v2/hook/([A-Za-z0-9-]+)/?"), "feishu"),
    (re.compile(r"https://open\.larksuite\.com/open-apis/bot/v2/hook/([A-Za-z0-9-]+)/?"), "lark"),
)
_NATIVE_HOSTS: Final = (
    "chat.googleapis.com",
    "discord.com",
    "discordapp.com",
    "hooks.slack.com",
    "qyapi.weixin.qq.com",
)


@cache
def asset() -> AppriseAsset:
    """Apprise as this house uses it: no redirects, no plug-ins, nothing stored, no pictures from elsewhere."""
    return AppriseAsset(
        app_id="A-to-z claims",
        app_desc="Warnings before the clocks of claims run out",
        app_url="",
        async_mode=False,
        http_redirects=False,
        image_url_mask="",
        image_url_logo="",
        language="en",
        pem_autogen=False,
        pgp_autogen=False,
        secure_logging=True,
        storage_mode=PersistentStoreMode.MEMORY,
        service_timeout=NOTIFY_SECONDS,
        allow_templates=False,
    )


def own_form(text: str) -> str:
    """The address in Apprise's form, where a service's own web hook was pasted."""
    for pattern, scheme in _NATIVE:
        if found := pattern.fullmatch(text):
            return f"{scheme}://{found[1]}/"
    return text


def opened(text: str, *, allow_private: bool) -> Any:
    """The service that an address stands for, ready to notify. Raises TargetRefused."""
    address = own_form(text)
    scheme = address.partition("://")[0].lower()
    parts = URLBase.parse_url(address, verify_host=False)  # type: ignore[no-untyped-call]
    read: dict[str, Any] = parts or {}
    if scheme == "https":
        if str(read.get("host", "")).lower() not in _NATIVE_HOSTS and not _is_vendors(read.get("host")):
            raise TargetRefused(
                "No chat service is known at this address; for your own server use a webhook."
            )
    elif scheme in SELF_HOSTED and not allow_private:
        raise TargetRefused(
            "A service on a server of your own needs OUTGOING_ALLOW_PRIVATE; a webhook does not."
        )
    elif scheme not in SERVICES and scheme not in SELF_HOSTED:
        raise TargetRefused(f"Not one of the services that may be used: {', '.join(sorted(SERVICES))}.")
    odd = sorted(set(read.get("qsd") or {}) - PARAMETERS)
    if odd or any(read.get(name) for name in ("qsd+", "qsd-", "qsd:")):
        raise TargetRefused("This address has parameters that may not be used here.")
    service = Apprise.instantiate(address, asset=asset())
    if service is None:
        raise TargetRefused("This address is not complete, or not of the form that the service asks for.")
    _check_service(service, allow_private=allow_private)
    return service


def _check_service(service: Any, *, allow_private: bool) -> None:
    schemes = {*_as_tuple(service.protocol), *_as_tuple(service.secure_protocol)}
    known = set(SERVICES) | (set(SELF_HOSTED) if allow_private else set())
    if not schemes & known:
        raise TargetRefused("This service may not be used.")
    if schemes & set(VENDOR_HOSTS) and not _is_vendors(service.host):
        raise TargetRefused("The host of this address is not Microsoft's.")
    if len(service) > 1:
        raise TargetRefused("One recipient a channel, so that a repeat reaches nobody twice.")


def _as_tuple(value: Any) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value or ())


def _is_vendors(host: object) -> bool:
    name = str(host or "").lower()
    return any(name.endswith(ending) for endings in VENDOR_HOSTS.values() for ending in endings)
