"""The flow of access requests between statuses, as a self-contained SVG drawing."""

from collections.abc import Mapping

from dashboard.palette import GRAY, STATUS, status_name
from model import Status

_W, _H = 186, 34  # of a box
_PLACES: Mapping[str, tuple[int, int]] = {  # of its top left corner
    Status.PENDING: (8, 92),
    Status.APPROVED: (232, 92),
    Status.COMPLETED: (456, 40),
    Status.REVOKED: (456, 92),
    Status.REJECTED: (456, 144),
    Status.CANCELED: (456, 196),
    Status.EXPIRED: (456, 248),
}
_EDGES = (
    (Status.PENDING, Status.APPROVED),
    (Status.APPROVED, Status.COMPLETED),
    (Status.APPROVED, Status.REVOKED),
    (Status.PENDING, Status.REJECTED),
    (Status.PENDING, Status.CANCELED),
    (Status.PENDING, Status.EXPIRED),
)


def flow_drawing(now: Mapping[str, int], ever: Mapping[str, int], *, dark: bool) -> str:
    """Return an SVG with a box for each status and its number of requests, and arrows as wide as their traffic.

    A status in neither mapping is hidden from the viewer.
    """
    boxes = "".join(_box(status, now.get(status), dark) for status in _PLACES)
    arrows = "".join(_arrow(start, end, ever.get(end), max(ever.values(), default=0), dark) for start, end in _EDGES)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 32 650 256" width="650" height="256" '
        'font-family="Source Sans, Segoe UI, Roboto, Helvetica, Arial, sans-serif" font-size="15">'
        f"{arrows}{boxes}</svg>"
    )


def flow_in_words(now: Mapping[str, int], ever: Mapping[str, int]) -> str:
    """Return the drawing's content in words."""
    many = {status: f"{now[status]:,}" if status in now else "not visible" for status in _PLACES}
    stand = ", ".join(f"{status_name(status)} {words}" for status, words in many.items())
    return f"Access requests by status: {stand}. Approved until now: {ever.get(Status.APPROVED, 0):,}."


def _box(status: str, many: int | None, dark: bool) -> str:
    x, y = _PLACES[status]
    colour = STATUS[status] if many is not None else GRAY
    shades = colour.dark if dark else colour.light
    look = f'fill="{shades.background}" stroke="{colour.mark}"'
    if many is None:
        look = f'fill="none" stroke="{colour.mark}" stroke-dasharray="4 3"'
    words = f"{many:,}" if many is not None else "hidden"
    return (
        f'<rect x="{x}" y="{y}" width="{_W}" height="{_H}" rx="7" {look}></rect>'
        f'<text x="{x + 10}" y="{y + 22}" fill="{shades.text}">{status_name(status)}</text>'
        f'<text x="{x + _W - 10}" y="{y + 22}" text-anchor="end" font-weight="{700 if many is not None else 400}" '
        f'fill="{shades.text}">{words}</text>'
    )


def _arrow(start: str, end: str, many: int | None, most: int, dark: bool) -> str:
    (x1, y1), (x2, y2) = _PLACES[start], _PLACES[end]
    width = 1.0 + 6.0 * (many / most) ** 0.5 if many and most else 1.0
    line = (GRAY.dark if dark else GRAY.light).text
    faint = "0.6" if many else "0.25"
    right, middle, to = x1 + _W, y1 + _H / 2, y2 + _H / 2
    if start == Status.PENDING and end != Status.APPROVED:  # below Approved
        path = f"M {x1 + _W / 2} {y1 + _H} C {x1 + _W / 2} {to} {x1 + _W} {to} {x1 + 2 * _W} {to} L {x2 - 8} {to}"
    else:
        half = (right + x2) / 2
        path = f"M {right} {middle} C {half} {middle} {half} {to} {x2 - 8} {to}"
    half_tip = 3.5 + width / 2
    return (
        f'<g opacity="{faint}"><path d="{path}" fill="none" stroke="{line}" stroke-width="{width:.1f}"></path>'
        f'<path d="M {x2 - 9} {to - half_tip} L {x2 - 1} {to} L {x2 - 9} {to + half_tip} Z" fill="{line}"></path>'
        "</g>"
    )
