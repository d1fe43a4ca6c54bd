"""Sending to chats, telephones and pagers by the library Apprise (BSD-2-Clause).

Which services, and which form their addresses may have, is in `accounts.channels.chat_services`. Apprise says
little more than yes or no; the status of an answer is read from what it writes down about a failure.

The bots of DingTalk, WeCom, Feishu and Lark answer 200 also when they refuse and say so in the body, which
Apprise does not read. A warning must not be lost like that, so these are posted to here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from apprise import Apprise, NotifyFormat, NotifyType
from urllib3 import PoolManager

from accounts.channels.addresses import TargetRefused
from accounts.channels.chat_services import NOTIFY_SECONDS, asset, opened
from claims.channels.chat_bots import BOTS, post_to_bot
from claims.channels.sending import Outcome, Outgoing, Permanent, Retry, Sent, in_turn, judged_status

_STATUS: Final = re.compile(r"\berror=([1-5][0-9]{2})\b")


@dataclass(frozen=True)
class ChatSender:
    """Sends to the one recipient of an Apprise address. One attempt takes at most `NOTIFY_SECONDS`."""

    address: str = field(repr=False)
    allow_private: bool
    pools: PoolManager = field(repr=False)
    budget: timedelta = timedelta(seconds=15)

    def send(self, messages: Sequence[Outgoing], *, now: datetime) -> list[Outcome]:
        """One notification a message."""
        try:
            service = opened(self.address, allow_private=self.allow_private)
        except TargetRefused as refused:
            return [Permanent(str(refused))] * len(messages)
        bot = BOTS.get(type(service).__name__)
        if bot is not None:
            attempt = partial(post_to_bot, bot, service, pools=self.pools, now=now)
        else:
            attempt = partial(_notify, service, now=now)
        return in_turn(messages, attempt, budget=self.budget)


def _notify(service: Any, message: Outgoing, *, now: datetime) -> Outcome:
    apprise = Apprise(asset=asset())
    apprise.add(service)
    result = apprise.notify(
        body=message.body,
        title=message.subject,
        notify_type=NotifyType.WARNING,
        body_format=NotifyFormat.TEXT,
        timeout=NOTIFY_SECONDS,
    )
    if result:
        return Sent()
    who = str(service.service_name)
    statuses = [found[1] for entry in result.logs() for found in [_STATUS.search(entry.message)] if found]
    if statuses:
        return judged_status(int(statuses[-1]), who=who, retry_after="", now=now)
    return Retry(f"{who} did not take the message.")
