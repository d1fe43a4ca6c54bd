"""What a picture must be to come in: a JPEG or PNG that decodes to its end within a pixel limit.

Leaves to others: the copy that is shown in a bundle (`claims.bundle.pictures`).
"""

import io
import struct
import zlib

from PIL import Image

MEDIA_TYPES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}
# A JPEG is decoded at an eighth of its size to check it, a PNG only in full: 64 million pixels are more
# than a phone's 50-megapixel photo, 32 million of RGBA are 128 MB of memory.
MAX_PIXELS = {"JPEG": 64_000_000, "MPO": 64_000_000, "PNG": 32_000_000}
# All that Pillow raises for broken input, by its own source: struct and zlib errors pass through.
DECODING_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


class PictureRefused(Exception):
    """Why a picture cannot be taken, as the end of a sentence."""


def check_picture(content: bytes) -> str:
    """The media type of a whole JPEG or PNG. Raises PictureRefused."""
    try:
        with open_picture(content) as picture:
            media_type = MEDIA_TYPES[str(picture.format)]
            picture.verify()
        with open_picture(content) as picture:
            picture.draft(None, (picture.width // 8, picture.height // 8))
            picture.load()
    except DECODING_ERRORS as error:
        raise PictureRefused("it is damaged or cut off") from error
    return media_type


def open_picture(content: bytes) -> Image.Image:
    """Opened, not yet decoded, and within the pixel limit. Raises PictureRefused and DECODING_ERRORS."""
    try:
        picture = Image.open(io.BytesIO(content), formats=("JPEG", "PNG"))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureRefused("it has more pixels than can be safely opened") from error
    limit = MAX_PIXELS[str(picture.format)]
    if picture.width * picture.height > limit:
        size = f"{picture.width} × {picture.height} pixels"
        raise PictureRefused(f"it has {size}, more than the {limit // 1_000_000} million allowed")
    return picture
