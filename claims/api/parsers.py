"""Raw mail as a request body. Nothing is parsed here: a letter is kept byte for byte before it is read."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

MAIL = "message/rfc822"


class MailParser(BaseParser):
    """Leaves the bytes to the view, which takes them from the request as they came."""

    media_type = MAIL

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        return {}
