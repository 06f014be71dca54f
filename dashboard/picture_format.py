"""A picture as PNG or SVG, drawn without the internet and with a font that is brought along.

It is run as a program of its own (see `dashboard.background.picture_files`): drawing holds Python's lock all the while.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, Literal

import vl_convert

Kind = Literal["png", "svg"]
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first is part of vl-convert; the others have letters of the same widths, for an SVG that is opened elsewhere."""


def picture(spec: Mapping[str, Any], kind: Kind, pixels: float = 2) -> bytes:
    """Return the picture of a Vega-Lite specification, as PNG with so many pixels for each of its own.

    Raises ValueError if it is no specification, or asks for the internet.
    """
    if kind == "svg":
        return vl_convert.vegalite_to_svg(dict(spec), allowed_base_urls=[]).encode()
    return vl_convert.vegalite_to_png(dict(spec), scale=pixels, allowed_base_urls=[])


def drawing_as_png(svg: str, pixels: float = 2) -> bytes:
    """Return a drawing as PNG, with so many pixels for each of its own. Raises ValueError if it is no SVG."""
    return vl_convert.svg_to_png(svg, scale=pixels)


def main() -> None:
    """Draw what is on standard input, a specification or a drawing, in the format that the first argument names."""
    kind: Kind = "svg" if sys.argv[1] == "svg" else "png"
    given = json.load(sys.stdin)
    sys.stdout.buffer.write(drawing_as_png(given) if isinstance(given, str) else picture(given, kind))
