"""The charts: a frame in, a picture out, in a room where much happened and in one where nothing did."""

import json
from collections.abc import Callable

import altair as alt
import pandas as pd
import pytest

from dashboard import charts
from data import Room
from model import Status
from tests.worlds import DIRECTORY

OF_A_FIGURE: dict[str, Callable[..., charts.Drawn]] = {
    "requests by status": charts.requests_by_status,
    "hours to a decision": charts.hours_to_a_decision,
    "live grants by day": charts.live_grants_by_day,
    "tickets opened by week": charts.tickets_by_week,
    "undecided for how long": charts.undecided,
}
SEEN = pd.DataFrame({"event": ["2 · open"], "party": ["Contoso"], "status": [charts.NOT_ASKED]})
ALLOWED = pd.DataFrame({"member": ["Ann"], "what": ["the audit log"], "allowed": [True]})


@pytest.fixture(scope="module")
def busy() -> Room:
    room = Room.create(scenario="busy-week")
    room.play()
    return room


def drawn(room: Room) -> list[charts.Drawn]:
    figure = room.overview().metric
    return [
        *(chart(figure(name)) for name, chart in OF_A_FIGURE.items()),
        charts.timeline(figure("time in each status"), figure("tries to read")),
        charts.who_sees_which_status(SEEN),
        charts.what_roles_allow(ALLOWED),
    ]


def test_every_chart_is_valid_and_has_a_title(busy):
    """Altair compares what it writes with the format's schema."""
    assert all(chart.to_dict()["title"]["text"] for chart in drawn(busy))


def test_a_chart_of_nothing_is_a_chart():
    """A new room has no request and no ticket yet."""
    assert all(chart.to_dict() for chart in drawn(Room.create(scenario=None, directory=DIRECTORY)))


def test_a_chart_leaves_background_and_letters_to_the_theme(busy):
    """So that Streamlit's and JupyterLab's themes can make them light or dark."""
    for chart in drawn(busy):
        spec = chart.to_dict()
        assert "background" not in spec
        assert not {"labelColor", "titleColor", "domainColor", "gridColor"} & set(json.dumps(spec).split('"'))


def test_every_status_has_a_colour_that_carries_white_letters():
    """At least 4.5 to 1 with white, and each another one."""
    assert list(charts.COLOURS) == list(Status)
    assert len(set(charts.COLOURS.values())) == len(Status)
    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in charts.COLOURS.values())


def luminance(colour: str) -> float:
    """As WCAG has it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_jupyterlab_draws_charts_itself():
    """The chart is given in the format that JupyterLab 4 draws without the internet, and in no other."""
    before = alt.renderers.active
    try:
        charts.show_in_jupyterlab()
        bundle = charts.what_roles_allow(ALLOWED)._repr_mimebundle_()
    finally:
        alt.renderers.enable(before)
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "text/plain"}
    assert bundle["application/vnd.vegalite.v5+json"]["$schema"].endswith("/v5.json")
    assert bundle["text/plain"] == "A chart: What the roles allow"
