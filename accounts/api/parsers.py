"""JSON bodies, with the one failure that DRF's parser lets through as a fault of ours."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """Brackets by the thousand are the sender's mistake: 400, not 500."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as failed:
            raise ParseError("This JSON is nested too deep.") from failed
