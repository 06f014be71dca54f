"""The common style of all charts: colours, sizes, formats."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import altair as alt
import pandas as pd
from PIL import Image

from dashboard import palette
from dashboard.picture_format import FONT, picture
from model import TicketStatus

NOT_VISIBLE = "not visible"
NOT_ASKED = "not asked yet"
OPEN = str(TicketStatus.OPEN)
COLOURS = palette.MARKS
"""Status -> colour, in the order of the lifecycle."""
ARMS = (palette.GRAY.mark, "#d55e00", "#8f25f9", "#7e9e5e", "#c65999", "#7f594c")
"""The arms of a comparison in order: the base is gray. Colour-blind readers can distinguish them. From the seventh on,
lines are dotted.
"""
ACCENT = palette.BLUE.mark
GRAY = "#828d9d"  # for absent or partial values, on white and on black
WIDTH = 640
GAPS = alt.Scale(paddingInner=0.08, paddingOuter=0)
HOURS = (
    "datum.value == 0 ? '0' : datum.value < 1 ? 'up to 30 min' : datum.value < 24 ? datum.value + ' h' : "
    "datum.value / 24 + (datum.value == 24 ? ' day' : ' days')"
)
EXACT_HOURS = HOURS.replace("'up to 30 min'", "60 * datum.value + ' min'")
"""The same for an axis that does not clamp at half an hour."""
MOMENT = "%d %b %Y, %H:%M"
Drawn = alt.Chart | alt.LayerChart | alt.VConcatChart


_COLOURS_OF_A_PNG = 64
_VEGA_LITE_5 = "application/vnd.vegalite.v5+json"


def show_in_jupyterlab() -> None:
    """Let JupyterLab draw charts natively: Altair's default fetches scripts from the internet.

    JupyterLab registers the format as version 5, which has everything used here. A PNG is added for
    viewers other than JupyterLab.
    """
    alt.renderers.register("jupyterlab-itself", _for_jupyterlab)
    alt.renderers.enable("jupyterlab-itself")


def _for_jupyterlab(spec: dict[str, Any], **_: Any) -> dict[str, Any]:
    older = spec | {"$schema": "https://vega.github.io/schema/vega-lite/v5.json"}
    return {
        _VEGA_LITE_5: older,
        "image/png": b64encode(png(spec)).decode(),
        "text/plain": f"A chart: {_words(spec.get('title'))}",
    }


def png(spec: Mapping[str, Any]) -> bytes:
    """Return the picture of a chart on white, with so few colours that it is small enough for a notebook."""
    config = {**spec.get("config", {}), "font": FONT}
    drawn = picture({**spec, "background": "white", "padding": 8, "config": config}, "png", pixels=1)
    kept = BytesIO()
    few = Image.open(BytesIO(drawn)).convert("RGB").quantize(_COLOURS_OF_A_PNG, dither=Image.Dither.NONE)
    few.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _words(title: Any) -> str:
    return str(title["text"] if isinstance(title, dict) else title)


def status_scale(found: pd.Series, colours: dict[str, str] = COLOURS) -> alt.Scale:
    """Return the colours of the statuses that occur, always in the same order."""
    words = [word for word in colours if word in set(found)]
    return alt.Scale(domain=[str(word) for word in words], range=[colours[word] for word in words])


def top_axis() -> alt.Axis:
    """Return the axis of a table's columns, on top."""
    return alt.Axis(orient="top", labelAngle=0, labelLimit=200, ticks=False, domain=False, labelPadding=8)


def row_axis() -> alt.Axis:
    """Return the axis of a table's rows, with room for long names."""
    return alt.Axis(labelLimit=420, ticks=False, domain=False, labelPadding=8)


def arm_colour(arms: Sequence[str]) -> alt.Color:
    """Return the colours of the arms, in order."""
    colours = [ARMS[place % len(ARMS)] for place in range(len(arms))]
    return alt.Color("arm:N", legend=None, scale=alt.Scale(domain=list(arms), range=colours))


def finish(chart: Any, title: str, *, width: int | alt.Step = WIDTH, height: int | alt.Step = 240) -> Drawn:
    """Return the chart with its title, size and frame."""
    words = alt.TitleParams(title, anchor="start", offset=12)
    framed = chart.properties(title=words, width=width, height=height)
    drawn: Drawn = framed.configure_axis(gridOpacity=0.35).configure_view(strokeOpacity=0)
    return drawn


def hours_axis(title: str) -> alt.X:
    """Return a logarithmic axis of hours that starts at half an hour."""
    return alt.X(
        "hours:Q",
        title=title,
        scale=alt.Scale(type="log", nice=False, domainMin=0.5, clamp=True),
        axis=alt.Axis(values=[0.5, 1, 2, 4, 8, 24, 72, 168, 720, 2160], labelExpr=HOURS),
    )


def share_axis(title: str) -> alt.Y:
    """Return an axis from 0 to 100 %."""
    return alt.Y("share:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))
