"""Names that are safe as a path part on every system, made from names that anyone may have sent.

Leaves to others: uniqueness (whoever puts several names into one place numbers them).
"""

import unicodedata

EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "text/plain": ".txt",
    "message/rfc822": ".eml",
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "text/html": ".html.txt",  # never a name that a double click opens in a browser
}
# Long enough to recognise a name, short enough for every file system (255 bytes) with a path before it.
MAX_NAME_BYTES = 80
_KEPT = frozenset("-_. ()+@")
# https://learn.microsoft.com/windows/win32/fileio/naming-a-file: device names, with any extension.
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))]
)


def safe_name(name: str, media_type: str) -> str:
    """A single path part with the extension of its true type; never empty, never hidden, never a device."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(_safe_character(character) for character in unicodedata.normalize("NFC", last))
    extension = EXTENSIONS.get(media_type.partition(";")[0].strip().lower(), ".bin")
    stem = _without_extension(shown, extension)
    stem = stem.encode("utf-8")[:MAX_NAME_BYTES].decode("utf-8", "ignore").strip(" ._")
    if not stem:
        stem = "file"
    if stem.split(".", 1)[0].strip().lower() in _DEVICES:
        stem = f"_{stem}"
    return stem + extension


def _safe_character(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "LMN" or character in _KEPT:
        return character
    # Control and format characters (NUL, right-to-left override) vanish; the rest leaves a mark.
    return "" if category in {"Cc", "Cf", "Cs", "Co", "Cn"} else "_"


def _without_extension(name: str, extension: str) -> str:
    stem, dot, ending = name.rpartition(".")
    known = {extension[1:], "jpeg", "jpg", "png", "pdf", "txt", "eml", "json", "xml", "html"}
    return stem if dot and ending.lower() in known else name
