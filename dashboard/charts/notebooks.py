"""What notebooks show by itself: charts, and a comparison with its picture below its answer."""

from base64 import b64encode
from typing import Any

from dashboard.charts import theme
from dashboard.charts.comparisons import trade_off
from data.simulation.comparison import Comparison


def show_in_jupyterlab() -> None:
    """Have JupyterLab itself draw the charts, and show the picture of a comparison below its answer."""
    theme.show_in_jupyterlab()
    if (shell := _running_shell()) is not None:
        shell.display_formatter.formatters["text/html"].for_type(Comparison, comparison_with_picture)


def comparison_with_picture(found: Comparison) -> str:
    """Return what a comparison says, and the chart of what is traded for what, as HTML that needs nothing else."""
    chart = trade_off(found.metrics, [arm.name for arm in found.arms])
    image = b64encode(theme.png(chart.to_dict())).decode()
    alt = "Time to resolution, and access given for it"
    return f'{found._repr_html_()}<img alt="{alt}" src="data:image/png;base64,{image}">'


def _running_shell() -> Any | None:
    """Return the IPython that this runs in, if it does."""
    try:
        from IPython.core.getipython import get_ipython  # only notebooks need it
    except ModuleNotFoundError:
        return None
    return get_ipython()
