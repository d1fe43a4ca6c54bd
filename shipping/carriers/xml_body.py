"""Opening an XML answer without trusting it: no DTD, no entities, nothing from outside, bounded size."""

import io
from typing import Final
from xml.etree.ElementTree import Element  # the type; parsing is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError, iterparse

from shipping.reading import Unreadable

DEEPEST: Final = 40
MOST_ELEMENTS: Final = 60_000


def root_of(body: bytes) -> Element:
    """The root element. Raises Unreadable where it is cut, too deep, too long, or brings a DTD.

    Bytes that are UTF-8 are read as such whatever they declare: a text that came in JSON was already decoded.
    """
    try:
        body.decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = None
    depth = count = 0
    root: Element | None = None
    parser = DefusedXMLParser(encoding=encoding, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        for kind, element in iterparse(io.BytesIO(body), events=("start", "end"), parser=parser):
            if kind == "end":
                depth -= 1
                continue
            root = element if root is None else root
            depth, count = depth + 1, count + 1
            if depth > DEEPEST or count > MOST_ELEMENTS:
                raise Unreadable("The answer is nested too deeply or has too many parts.")
    except DefusedXmlException:
        raise Unreadable(
            "The answer brings a document type or entities, which none of its kind has."
        ) from None
    except (ParseError, ValueError, LookupError) as error:
        raise Unreadable(f"The answer is not XML: {str(error)[:200]}") from None
    if root is None:
        raise Unreadable("The answer is empty.")
    return root
