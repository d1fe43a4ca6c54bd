"""Supplied PDFs: their pages as pictures of ink, without anything that acts, laid into frames of ours.

Leaves to others: refusing PDFs at the door (`claims.uploads.documents`); originals stay in the archive.

Only the page's drawing is taken over (as a form XObject); scripts, actions, links, forms, attachments and
metadata hang on the catalog, the page and its annotations, which stay behind.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Page, Pdf, Rectangle, Stream

# What a reader leafs through; the rest stays in the original, and the page says so.
MAX_SHOWN_PAGES = 40
_LONGEST_SIDE = 14_400  # points; ISO 32000 annex C
_ACTIVE_STREAM_KEYS = (
    *("/AA", "/A", "/AF", "/EF", "/F", "/FFilter", "/FDecodeParms", "/JS", "/Metadata", "/OPI", "/PieceInfo"),
    *("/Ref", "/PS", "/Level1", "/StructParent", "/StructParents"),
)
_ACTION_KEYS = ("/JS", "/F", "/URI", "/Next", "/Win", "/Mac", "/Unix")
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/URI", "/GoToR", "/GoToE", "/SubmitForm", "/ImportData", "/Rendition"}
)
_READING_ERRORS = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RuntimeError,
    OverflowError,
)


class DocumentBroken(Exception):
    """Why a PDF cannot be shown, as the end of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanedDocument:
    content: bytes
    pages: int
    left_out: int  # pages beyond MAX_SHOWN_PAGES


def cleaned(content: bytes) -> CleanedDocument:
    """The pages without active content; the same bytes for the same document. Raises DocumentBroken."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as source, Pdf.new() as target:
            if source.is_encrypted:
                raise DocumentBroken("it is encrypted")
            total = len(source.pages)
            if not total:
                raise DocumentBroken("it has no pages")
            _draw_annotations(source)
            for number in range(min(total, MAX_SHOWN_PAGES)):
                _copy_drawing(source.pages[number], target)
            shown = len(target.pages)
            return CleanedDocument(content=_saved(target), pages=shown, left_out=total - shown)
    except pikepdf.PasswordError as error:
        raise DocumentBroken("it is encrypted") from error
    except _READING_ERRORS as error:
        raise DocumentBroken("it is damaged") from error


def lay_into_frames(base: bytes, documents: Sequence[CleanedDocument], frame: Rectangle) -> bytes:
    """The last pages of `base` hold one empty frame for each page of `documents`, in order."""
    with pikepdf.open(io.BytesIO(base)) as target:
        position = len(target.pages) - sum(document.pages for document in documents)
        for document in documents:
            with pikepdf.open(io.BytesIO(document.content)) as source:
                for page in source.pages:
                    drawing = target.copy_foreign(page.as_form_xobject())
                    _place(target.pages[position], drawing, frame)
                    position += 1
        return _saved(target)


def _draw_annotations(source: Pdf) -> None:
    """What a form or a stamp shows becomes part of the page, before its interactive half is dropped."""
    if "/AcroForm" in source.Root:
        source.generate_appearance_streams()
    source.flatten_annotations("all")


def _copy_drawing(page: Page, target: Pdf) -> None:
    drawing = page.as_form_xobject()
    _disarm(drawing)
    box = Rectangle(Array(drawing.BBox))
    width, height = (box.height, box.width) if page.rotation % 180 else (box.width, box.height)
    if not (0 < width <= _LONGEST_SIDE and 0 < height <= _LONGEST_SIDE):
        raise DocumentBroken("a page has no usable size")
    sheet = target.add_blank_page(page_size=(width, height))
    _place(sheet, target.copy_foreign(drawing), Rectangle(0, 0, width, height))


def _place(page: Page, drawing: Object, frame: Rectangle) -> None:
    # A fixed name: pikepdf's own would be random, and the bytes with it.
    name = page.add_resource(drawing, Name.XObject, Name("/SuppliedPage"))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q\n" + _placement(page, drawing, name, frame))


def _placement(page: Page, drawing: Object, name: Name, frame: Rectangle) -> bytes:
    return page.calc_form_xobject_placement(
        drawing, name, frame, invert_transformations=True, allow_shrink=True, allow_expand=True
    )


def _saved(document: Pdf) -> bytes:
    target = io.BytesIO()
    document.save(target, deterministic_id=True, fix_metadata_version=False)
    return target.getvalue()


def _disarm(drawing: Object) -> None:
    for found in _reachable(drawing):
        if isinstance(found, Stream):
            if found.get(Name.Subtype) == Name.PS or found.get(Name.Subtype2) == Name.PS:
                found.write(b"")
            _drop(found, _ACTIVE_STREAM_KEYS)
        if isinstance(found, Dictionary):
            if str(found.get(Name.S, "")) in _ACTIONS:
                _drop(found, _ACTION_KEYS)
            if found.get(Name.Type) in (Name.Filespec, Name.Annot, Name.Action):
                _drop(found, list(found.as_dict()))
        resources = found.get(Name.Resources) if isinstance(found, Dictionary | Stream) else None
        if isinstance(resources, Dictionary):
            _drop(resources, ("/Properties",))


def _drop(holder: Object, keys: Sequence[str]) -> None:
    for key in keys:
        if key in holder:
            del holder[key]


def _reachable(start: Object) -> Iterator[Object]:
    """Every dictionary and stream from here on; each indirect object once."""
    waiting, seen = [start], set()
    while waiting:
        found = waiting.pop()
        if found.is_indirect:
            if found.objgen in seen:
                continue
            seen.add(found.objgen)
        if isinstance(found, Array):
            waiting.extend(item for item in found.as_list() if isinstance(item, Object))
        elif isinstance(found, Dictionary | Stream):
            yield found
            held = found.stream_dict if isinstance(found, Stream) else found
            waiting.extend(value for value in held.as_dict().values() if isinstance(value, Object))
