"""The copy of a picture that a page shows: upright, without metadata, brought to reading size.

Leaves to others: refusing pictures at the door (`claims.uploads.pictures`); originals stay as they are.
"""

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from claims.uploads.pictures import DECODING_ERRORS, PictureRefused, open_picture

# 17 cm of page width at 240 dpi: a signature or a house number stays legible.
LONGEST_SIDE = 1_600
_JPEG_QUALITY = 85
# A screenshot is sharper and smaller as PNG; a photo saved as PNG is neither.
_LARGEST_PNG = 700_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingCopy:
    content: bytes
    extension: str  # jpg | png
    width: int
    height: int


class PictureBroken(Exception):
    """Why a picture cannot be shown, as the end of a sentence."""


def reading_copy(content: bytes) -> ReadingCopy:
    """The same bytes for the same picture. Raises PictureBroken."""
    try:
        with open_picture(content) as picture:
            is_png = picture.format == "PNG"
            picture.draft(None, (2 * LONGEST_SIDE, 2 * LONGEST_SIDE))
            upright = ImageOps.exif_transpose(picture)
            flat = _flat(upright)
        flat.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    except PictureRefused as refused:
        raise PictureBroken(str(refused)) from refused
    except DECODING_ERRORS as error:
        raise PictureBroken("it is damaged or cut off") from error
    if is_png:
        encoded = _encoded(flat, "PNG")
        if len(encoded) <= _LARGEST_PNG:
            return ReadingCopy(content=encoded, extension="png", width=flat.width, height=flat.height)
    return ReadingCopy(content=_encoded(flat, "JPEG"), extension="jpg", width=flat.width, height=flat.height)


def _flat(picture: Image.Image) -> Image.Image:
    """Grey or RGB, with transparency laid on white, and nothing beside the pixels."""
    if picture.mode.startswith("I"):  # 16-bit grey
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in {"1", "L"}:
        flat = picture.convert("L")
    elif picture.mode in {"LA", "PA", "RGBA", "La", "RGBa"} or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        flat = Image.new("RGB", layer.size, "white")
        flat.paste(layer, mask=layer.getchannel("A"))
    else:
        flat = picture.convert("RGB")
    bare = Image.new(flat.mode, flat.size)
    bare.paste(flat)
    return bare


def _encoded(picture: Image.Image, form: str) -> bytes:
    target = io.BytesIO()
    if form == "PNG":
        picture.save(target, "PNG", compress_level=6)
    else:
        picture.save(target, "JPEG", quality=_JPEG_QUALITY)
    return target.getvalue()
