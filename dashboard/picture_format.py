"""A picture as PNG or SVG, drawn offline with a bundled font.

It runs as a separate program (see `dashboard.background.picture_files`), because drawing holds Python's global lock.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, Literal

import vl_convert

Kind = Literal["png", "svg"]
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is part of vl-convert; the others have the same widths, for an SVG that is opened elsewhere."""


def picture(spec: Mapping[str, Any], kind: Kind, pixels: float = 2) -> bytes:
    """Return the picture of a Vega-Lite specification, as PNG scaled by a factor.

    Raises ValueError if it is no specification, or needs the internet.
    """
    if kind == "svg":
        return vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[]).encode()
    return vl_convert.vegalite_to_png(dict(spec), scale=pixels, allowed_base_urls=[])


def drawing_as_png(svg: str, pixels: float = 2) -> bytes:
    """Return a drawing as PNG scaled by a factor. Raises ValueError if it is no SVG."""
    return vl_convert.svg_to_png(svg, scale=pixels)


def main() -> None:
    """Draw the specification or drawing on standard input, in the format named by the first argument."""
    kind: Kind = "svg" if sys.argv[1] == "svg" else "png"
    given = json.load(sys.stdin)
    sys.stdout.buffer.write(drawing_as_png(given) if isinstance(given, str) else picture(given, kind))
