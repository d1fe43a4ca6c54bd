"""Bots that answer 200 whatever happens, and tell in the body whether they took the message.

DingTalk: https://open.dingtalk.com/document/orgapp/custom-robots-send-group-messages
WeCom: https://developer.work.weixin.qq.com/document/path/91770
Feishu and Lark: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

from claims.channels.sending import Outcome, Outgoing, Permanent, Retry, Sent, judged_status

ANSWER_BYTES: Final = 16_384


@dataclass(frozen=True)
class Bot:
    """`verdict` is the field of the answer that is 0 for taken; `passing` are codes of "too often" or "busy"."""

    address: Callable[[Any], str]
    body: Callable[[str], Mapping[str, Any]]
    verdict: str
    passing: frozenset[int]


def _dingtalk(service: Any) -> str:
    query = {"access_token": service.token}
    if service.secret:
        query["timestamp"], query["sign"] = service.get_signature()
    # get_signature() has quoted the signature already
    return "https://oapi.dingtalk.com/robot/send?" + urlencode(query, safe="%")


def _msgtype_text(text: str) -> Mapping[str, Any]:
    return {"msgtype": "text", "text": {"content": text}}


def _msg_type_text(text: str) -> Mapping[str, Any]:
    return {"msg_type": "text", "content": {"text": text}}


#: By the library's class, since that is what has read the address.
BOTS: Final[Mapping[str, Bot]] = {
    "NotifyDingTalk": Bot(_dingtalk, _msgtype_text, "errcode", frozenset({-1, 130101, 410100})),
    "NotifyWeComBot": Bot(
        lambda service: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?" + urlencode({"key": service.key}),
        _msgtype_text,
        "errcode",
        frozenset({-1, 45009, 45033}),
    ),
    "NotifyFeishu": Bot(
        lambda service: f"https://open.feishu.cn/open-apis/bot/v2/hook/{service.token}",
        _msg_type_text,
        "code",
        frozenset({11232, 9499}),
    ),
    "NotifyLark": Bot(
        lambda service: f"https://open.larksuite.com/open-apis/bot/v2/hook/{service.token}",
        _msg_type_text,
        "code",
        frozenset({11232, 9499}),
    ),
}


def post_to_bot(bot: Bot, service: Any, message: Outgoing, *, pools: PoolManager, now: datetime) -> Outcome:
    """One post; taken only where the body says so."""
    who = str(service.service_name)
    body = json.dumps(bot.body(f"{message.subject}\n\n{message.body}"), ensure_ascii=False).encode()
    try:
        answer = pools.urlopen(
            "POST",
            bot.address(service),
            body=body,
            headers={"Content-Type": "application/json; charset=utf-8"},
            redirect=False,
            preload_content=False,
        )
        content = answer.read(ANSWER_BYTES, decode_content=True)
        answer.release_conn()
    except HTTPError:
        return Retry(f"No connection to {who}, or no answer in time.", is_down=True)
    if answer.status != 200:
        return judged_status(
            answer.status, who=who, retry_after=answer.headers.get("Retry-After", ""), now=now
        )
    return _judged_body(bot, content, who)


def _judged_body(bot: Bot, content: bytes, who: str) -> Outcome:
    try:
        verdict = json.loads(content)[bot.verdict]
    except (ValueError, LookupError, TypeError):
        return Retry(f"{who} gave an answer that says nothing.")
    if verdict == 0:
        return Sent()
    said = f"{who} refused the message with code {verdict}."
    return Retry(said, is_down=True) if verdict in bot.passing else Permanent(said)
