"""JSON bodies: without the one failure that DRF's parser lets through as ours, and with a mark in front."""

import codecs
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """Brackets by the thousand are the sender's mistake: 400, not 500.

    Programs of Windows write a byte order mark before UTF-8; it says nothing and is passed over.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        context = dict(parser_context or {})
        encoding = context.get("encoding", settings.DEFAULT_CHARSET)
        try:
            if codecs.lookup(encoding).name == "utf-8":
                context["encoding"] = "utf-8-sig"
            return super().parse(stream, media_type, context)
        except RecursionError as failed:
            raise ParseError("This JSON is nested too deep.") from failed
