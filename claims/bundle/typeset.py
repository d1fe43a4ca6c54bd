"""The door to typst: a template and data in, PDF bytes out, with the project's own fonts only.

Leaves to others: what the pages say (`pages`) and how they look (`template.typ`).

A process that has compiled and then forks hands its child a lock that is never released, so nothing compiles
at import, and callers compile only in processes that fork no more (web workers, Celery's children).
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import typst

# Package and the folder of its font files.
FONT_PACKAGES = (("manimgx_fonts", ""), ("manimgx_fonts_cjk", ""), ("fontpkg_amiri", "files"))
TEMPLATE = Path(__file__).with_name("template.typ")


class TypesettingFailed(Exception):
    """The template or its fonts are at fault, never the claim's content."""


def typeset(files: Mapping[str, bytes]) -> bytes:
    """PDF of the template, which reads `files` by their names. Raises TypesettingFailed."""
    # typst takes files from memory only if they are text, and pictures are not.
    with TemporaryDirectory(prefix="bundle-") as folder:
        root = Path(folder)
        for name, content in {TEMPLATE.name: TEMPLATE.read_bytes(), **files}.items():
            (root / name).write_bytes(content)
        try:
            pdf, warnings = typst.compile_with_warnings(
                root / TEMPLATE.name, root=root, format="pdf", font_paths=_fonts()
            )
        except RuntimeError as error:
            raise TypesettingFailed(str(error)) from error
    # A missing font family is only a warning to typst, and boxes instead of letters to the reader.
    lacking = [warning.message for warning in warnings if "font" in warning.message]
    if lacking:
        raise TypesettingFailed("; ".join(lacking))
    if not isinstance(pdf, bytes):
        raise TypesettingFailed("typst gave no PDF")
    return pdf


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    folders: list[Path] = []
    for package, folder in FONT_PACKAGES:
        spec = find_spec(package)
        if spec is None or not spec.submodule_search_locations:
            raise TypesettingFailed(f"the font package {package} is not installed")
        folders.extend(Path(place) / folder for place in spec.submodule_search_locations)
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
