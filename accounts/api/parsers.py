"""JSON bodies: without the failures that DRF's parser lets through, and with a mark in front."""

import codecs
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any

from django.conf import settings
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser
from rest_framework.utils import json

from accounts.errors import FieldError, InvalidInput

#: More of one kind than this tell nobody anything new.
FAULTS_AT_MOST = 50
_WHICH = "Given twice; which one is meant?"


class Ambiguous(dict[str, Any]):
    """An object that gives a name twice: which value is meant would be a guess."""

    twice: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    marked = Ambiguous(found)
    marked.twice = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
    return marked


class BoundedJSONParser(JSONParser):
    """Brackets by the thousand are the sender's mistake: 400, not 500. So is a name given twice in one object.

    Programs of Windows write a byte order mark before UTF-8; it says nothing and is passed over.
    """

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Raises ParseError for what is no JSON, InvalidInput at each name that stands twice."""
        encoding = (parser_context or {}).get("encoding", settings.DEFAULT_CHARSET)
        try:
            if codecs.lookup(encoding).name == "utf-8":
                encoding = "utf-8-sig"
            body = json.loads(stream.read().decode(encoding), object_pairs_hook=_object)
            twice = list(islice(_twice_in(body, ""), FAULTS_AT_MOST))
        except LookupError as failed:  # bytes.decode() knows no codec that unpacks
            raise ParseError(f"The charset {encoding} is not known.") from failed
        except ValueError as failed:
            raise ParseError(f"JSON parse error - {failed}") from failed
        except RecursionError as failed:
            raise ParseError("This JSON is nested too deep.") from failed
        if twice:
            raise InvalidInput(errors=[FieldError(pointer, "given_twice", _WHICH) for pointer in twice])
        return body


def _twice_in(value: Any, pointer: str) -> Iterator[str]:
    """The JSON pointers of the names that stand twice in their object."""
    if isinstance(value, Ambiguous):
        yield from (f"{pointer}/{_escaped(name)}" for name in value.twice)
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _twice_in(inner, f"{pointer}/{_escaped(name)}")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _twice_in(inner, f"{pointer}/{place}")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
