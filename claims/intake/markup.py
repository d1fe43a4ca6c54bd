"""HTML to readable text and its links, without fetching anything and without a tree in memory.

lxml's parser feeds a collector event by event, so depth and size of a page cost no recursion. It leaves to
others which of several parts of a mail is the one to read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from lxml import etree

from claims.intake.text import TEXT_LIMIT, tidy

MARKUP_LIMIT = 1_000_000  # characters of one HTML part that are parsed
LINK_LIMIT = 2_000

_SILENT = frozenset({"head", "script", "style", "template", "title", "noframes", "object", "svg"})
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"}
    | {"section", "table", "tbody", "tfoot", "thead", "tr", "ul"}
)
_CELLS = frozenset({"td", "th"})
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_VISIBLE_LINK = re.compile(r"https?://[^\s<>\"']{1,4000}", re.IGNORECASE)


@dataclass(frozen=True)
class Content:
    """Readable text of a part and every web address in it, shown or behind a word."""

    text: str
    links: tuple[str, ...] = ()
    from_markup: bool = False


class _Collector:
    """Receives the parser's events; the method names are lxml's."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.silent_depth = 0
        self.size = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = str(tag).lower()
        if name in _SILENT:
            self.silent_depth += 1
        elif name == "body":
            self.silent_depth = 0  # an unclosed <style> or <title> must not swallow the letter
        elif name == "br":
            self.pieces.append("\n")
        elif name in _BLOCKS:
            self._break_line(paragraph=name == "p")
        elif name in _CELLS:
            self.pieces.append(" ")
        if name == "a" and len(self.links) < LINK_LIMIT:
            self.links.append(attributes.get("href") or "")

    def end(self, tag: str) -> None:
        name = str(tag).lower()
        if name in _SILENT:
            self.silent_depth = max(0, self.silent_depth - 1)
        elif name in _BLOCKS:
            self._break_line(paragraph=name == "p")

    def data(self, text: str) -> None:
        if self.silent_depth or self.size > TEXT_LIMIT:
            return
        words = " ".join(text.split())
        if not words:
            self.pieces.append(" ")
            return
        self.size += len(words)
        self.pieces.append(f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}")

    def comment(self, text: str) -> None:
        """Comments are no part of the letter."""

    def close(self) -> None:
        """Nothing to finish."""

    def _break_line(self, *, paragraph: bool) -> None:
        if self.pieces and not self.pieces[-1].endswith("\n"):
            self.pieces.append("\n\n" if paragraph else "\n")


def visible_links(text: str) -> tuple[str, ...]:
    """Web addresses that stand in plain text, as after a forward that turned HTML into text."""
    return tuple(match.group() for match in islice(_VISIBLE_LINK.finditer(text), LINK_LIMIT))


def read_markup(html: str) -> Content:
    """Text and links of an HTML part; a part the parser refuses is read with its tags cut out."""
    collector = _Collector()
    parser = etree.HTMLParser(
        target=collector, encoding="utf-8", recover=True, huge_tree=True, no_network=True, remove_pis=True
    )
    source = html[:MARKUP_LIMIT].replace("\x00", "")
    try:
        parser.feed(source.encode("utf-8", "replace"))
        parser.close()
        text = "".join(collector.pieces)
    except (etree.LxmlError, ValueError, AssertionError):
        text = _ANY_TAG.sub(" ", source[:TEXT_LIMIT])
    text = tidy(text[: 2 * TEXT_LIMIT])[:TEXT_LIMIT]
    links = tuple(link for link in collector.links if link)
    return Content(text, links + visible_links(text), from_markup=True)


def read_plain(text: str) -> Content:
    """Text and links of a plain part."""
    readable = tidy(text[: 2 * TEXT_LIMIT])[:TEXT_LIMIT]
    return Content(readable, visible_links(readable))
