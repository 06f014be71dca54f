"""The output of notebooks: charts, and comparisons with a picture below their answer."""

from base64 import b64encode
from typing import Any

from dashboard.charts import theme
from dashboard.charts.comparisons import trade_off
from data.simulation.comparison import Comparison


def show_in_jupyterlab() -> None:
    """Let JupyterLab draw charts natively, and show a comparison's picture below its answer."""
    theme.show_in_jupyterlab()
    if (shell := _running_shell()) is not None:
        shell.display_formatter.formatters["text/html"].for_type(Comparison, comparison_with_picture)


def comparison_with_picture(found: Comparison) -> str:
    """Return a comparison's text and its trade-off chart as self-contained HTML."""
    chart = trade_off(found.metrics, [arm.name for arm in found.arms])
    image = b64encode(theme.png(chart.to_dict())).decode()
    alt = "Time to resolution, and access given for it"
    return f'{found._repr_html_()}<img alt="{alt}" src="data:image/png;base64,{image}">'


def _running_shell() -> Any | None:
    """Return the current IPython shell, if any."""
    try:
        from IPython.core.getipython import get_ipython  # only notebooks need it
    except ModuleNotFoundError:
        return None
    return get_ipython()
