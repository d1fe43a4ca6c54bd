"""Bytes of a mail to text: charsets by a closed list, RFC 2047 words decoded leniently.

Only charsets that are text and linear to decode are used; others of the standard library (idna, punycode …)
can be made to run for minutes by a letter. It leaves the structure of a mail to `mime`.
"""

from __future__ import annotations

import binascii
import codecs
import quopri
import re

_CLEAN_NAME = re.compile(r"[^a-z0-9_-]")
# Names under which senders announce a charset whose superset is what they really use.
_SUPERSETS = {
    "ascii": "utf_8",
    "us-ascii": "utf_8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "iso-8859-9": "cp1254",
    "iso-8859-8-i": "iso8859_8",
    "x-mac-roman": "mac_roman",
}
_ALLOWED = re.compile(
    r"utf_8(?:_sig)?|utf_16(?:_[lb]e)?|ascii|iso8859_\d{1,2}|cp125[0-8]|cp8[57]4|cp9(?:32|49|50)|"
    r"koi8_[rtu]|gb18030|"
    r"gbk|gb2312|hz|big5(?:hkscs)?|shift_jis(?:_2004|x0213)?|euc_(?:jp|kr)|iso2022_jp(?:_\d)?|"
    r"iso2022_kr|mac_roman|"
    r"tis_620"
)
_META_CHARSET = re.compile(
    rb"<meta[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([A-Za-z0-9_-]{2,40})", re.IGNORECASE
)
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bq])\?([^?]{0,4000})\?=", re.IGNORECASE)
_BETWEEN_WORDS = re.compile(r"(?<=\?=)\s+(?==\?)")
_NOT_BASE64 = re.compile(r"[^A-Za-z0-9+/]")


def _codec(charset: str) -> str | None:
    name = charset.strip().strip("\"'").lower().split("*")[0]
    name = _CLEAN_NAME.sub("", name)[:40]
    try:
        canonical = codecs.lookup(_SUPERSETS.get(name, name)).name.replace("-", "_")
    except LookupError:
        return None
    return canonical if _ALLOWED.fullmatch(canonical) else None


def _tried(raw: bytes, codec: str | None) -> str | None:
    if codec is None:
        return None
    try:
        return raw.decode(codec)
    except (UnicodeError, LookupError):
        return None


def decode_bytes(raw: bytes, charset: str = "") -> str:
    """Text of `raw`: the charset it announces, UTF-8, that of its HTML, else what fits most of it."""
    announced = _codec(charset) if charset else None
    text = _tried(raw, announced)
    if text is None:
        text = _tried(raw, "utf_8")
    if text is None:
        named = _META_CHARSET.search(raw[:4_000])
        text = _tried(raw, _codec(named.group(1).decode("ascii"))) if named else None
    if text is None:
        # One broken byte must not make the whole letter unreadable.
        text = raw.decode(announced or ("utf_8" if _mostly_utf8(raw) else "cp1252"), "replace")
    return text


def _mostly_utf8(raw: bytes) -> bool:
    sample = raw[:20_000]
    high = sum(byte > 127 for byte in sample)
    return high > 0 and sample.decode("utf_8", "replace").count("\ufffd") * 4 < high


def header_bytes_to_text(value: str) -> str:
    """A header as the parser gives it, with raw 8-bit bytes (illegal, and common) made text."""
    return decode_bytes(value.encode("utf-8", "surrogateescape")) if not value.isascii() else value


def _word_bytes(encoding: str, body: str) -> bytes:
    if encoding in "qQ":
        return quopri.decodestring(body.encode("utf-8", "replace"), header=True)
    letters = _NOT_BASE64.sub("", body)
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    try:
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return b""


def decode_header(value: str) -> str:
    """RFC 2047 words decoded, neighbours of one charset joined first: senders split characters."""
    unfolded = _BETWEEN_WORDS.sub("", header_bytes_to_text(value).replace("\r", "").replace("\n", ""))
    pieces: list[str] = []
    pending, pending_charset, end = b"", "", 0
    for word in _ENCODED_WORD.finditer(unfolded):
        charset = word.group(1).lower()
        adjoins = word.start() == end and charset == pending_charset
        if not adjoins:
            pieces += [decode_bytes(pending, pending_charset), unfolded[end : word.start()]]
            pending, pending_charset = b"", charset
        pending += _word_bytes(word.group(2), word.group(3))
        end = word.end()
    return "".join([*pieces, decode_bytes(pending, pending_charset), unfolded[end:]])
