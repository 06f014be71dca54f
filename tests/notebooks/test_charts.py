"""The charts draw frames of a busy room and of an empty one."""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Callable

import altair as alt
import pandas as pd
import pytest

from dashboard import charts
from dashboard.charts.labels import spread
from data import Room
from model import Status
from tests.worlds import DIRECTORY

pytestmark = pytest.mark.slow

OF_A_FIGURE: dict[str, Callable[..., charts.Drawn]] = {
    "requests by status": charts.requests_by_status,
    "hours to a decision": charts.hours_to_a_decision,
    "live grants by day": charts.live_grants_by_day,
    "tickets opened by week": charts.tickets_by_week,
    "undecided for how long": charts.undecided,
    "paths of cases": charts.paths_of_cases,
    "hours between steps": charts.hours_between_steps,
    "waiting by weekday and hour": charts.waiting_by_weekday_and_hour,
}
ARMS = [f"arm {number}" for number in range(8)]
METRICS = [("median hours to resolution", "hours"), ("hours of access per ticket", "hours"), ("share expired", "share")]
DIFFERENCE = {"difference": 1.0, "low": 0.5, "high": 1.5}


def comparison(arms: list[str]) -> dict[str, pd.DataFrame]:
    """Return the frames of a comparison between these arms, with the columns of `data.simulation.experiment`."""
    of_arms, metrics = pd.DataFrame({"arm": arms}), pd.DataFrame(METRICS, columns=["metric", "unit"])
    curve, day = pd.DataFrame({"hours": [0.2, 9.0], "share": [0.1, 0.6]}), pd.to_datetime(["2026-01-05", "2026-01-06"])
    readings = ["more", "less", "no clear difference", "the same"]
    differences = of_arms.iloc[1:].merge(metrics, how="cross").assign(**DIFFERENCE)
    return {
        "decided": of_arms.merge(curve, how="cross"),
        "live": of_arms.merge(pd.DataFrame({"day": day, "grants": [0.5, 3.0]}), how="cross"),
        "metrics": of_arms.merge(metrics, how="cross").assign(mean=2.0, low=1.5, high=2.5),
        "differences": differences.assign(reading=[readings[n % 4] for n in range(len(differences))]),
    }


def drawn_of(arms: list[str]) -> list[charts.Drawn]:
    frames = comparison(arms)
    return [
        charts.decided_by_hours(frames["decided"]),
        charts.resolved_by_hours(frames["decided"]),
        charts.live_grants(frames["live"]),
        charts.trade_off(frames["metrics"]),
        charts.differences(frames["differences"]),
    ]


SEEN = pd.DataFrame({"event": ["2 · open"], "party": ["Contoso"], "status": [charts.NOT_ASKED]})
PROMISED = pd.DataFrame({"promise": ["Final is final"] * 4, "policy": list("abcd"), "found": list(charts.FOUND)})
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
        charts.which_promises_hold(PROMISED),
        *drawn_of(ARMS[:3]),
    ]


def test_every_chart_is_valid_and_has_a_title(busy):
    """Altair validates its output against the schema."""
    assert all(chart.to_dict()["title"]["text"] for chart in drawn(busy))


def test_an_empty_frame_gives_a_chart():
    """A new room has no request and no ticket."""
    assert all(chart.to_dict() for chart in [*drawn(Room.create(scenario=None, directory=DIRECTORY)), *drawn_of([])])


def test_a_chart_leaves_background_and_text_colour_to_the_theme(busy):
    """Streamlit's and JupyterLab's themes make them light or dark."""
    for chart in drawn(busy):
        spec = chart.to_dict()
        assert "background" not in spec
        assert not {"labelColor", "titleColor", "domainColor", "gridColor"} & set(json.dumps(spec).split('"'))


def test_every_status_has_a_colour_on_which_white_text_is_readable():
    """The contrast with white is at least 4.5 to 1, and all colours differ."""
    assert list(charts.COLOURS) == list(Status)
    assert len(set(charts.COLOURS.values())) == len(Status)
    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in charts.COLOURS.values())


def test_every_arm_has_a_colour_that_is_visible_on_light_and_dark():
    """The contrast with both backgrounds is at least 3 to 1, and all colours differ."""
    assert len(set(charts.ARMS)) == len(charts.ARMS)
    for colour in charts.ARMS:
        assert 1.05 / (luminance(colour) + 0.05) >= 3
        assert (luminance(colour) + 0.05) / (luminance("#0e1117") + 0.05) >= 3


COMPARED: dict[str, Callable[..., charts.Drawn]] = {
    "decided": charts.decided_by_hours,
    "live": charts.live_grants,
    "metrics": charts.trade_off,
    "differences": charts.differences,
}


@pytest.mark.parametrize("named", [False, True])
def test_an_arm_has_the_same_colour_in_every_chart(named):
    """The colour follows its index among the arms, even if a frame lacks some of them."""
    frames = comparison(ARMS)
    if named:
        frames = {name: frame[frame["arm"] != "arm 2"] for name, frame in frames.items()}
    for name, chart in COMPARED.items():
        colours = scale(chart(frames[name], ARMS if named else ()).to_dict())
        assert [colours[arm] for arm in frames[name]["arm"].unique()] == [
            charts.ARMS[ARMS.index(arm) % len(charts.ARMS)] for arm in frames[name]["arm"].unique()
        ]


def scale(part: object) -> dict[str, str]:
    """Return a chart's first colour scale: arm -> colour."""
    if isinstance(part, dict) and "color" in part and "arm" in json.dumps(part["color"]):
        found = part["color"].get("condition", part["color"])["scale"]
        return dict(zip(found["domain"], found["range"], strict=True))
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return next((found for each in inner if (found := scale(each))), {})


def test_a_difference_that_is_not_clear_is_hollow():
    """A difference always has its arm's colour, and is filled if it is clearly more or less."""
    _, _, points, _ = charts.differences(comparison(ARMS)["differences"]).to_dict()["vconcat"][0]["layer"]
    fill = points["encoding"]["fill"]
    assert fill["condition"]["test"] == {"field": "reading", "oneOf": ["more", "less"]}
    assert fill["value"] == "transparent"


@pytest.mark.parametrize("name", COMPARED)
def test_every_arm_is_named_beside_its_mark_and_there_is_no_legend(name):
    """The label has the arm's colour, and may be long."""
    arms = [*ARMS[:2], "An arm whose name is much longer than anybody would ever write it on a picture " * 2]
    spec = json.dumps(COMPARED[name](comparison(arms)[name]).to_dict())
    assert '"legend": null' in spec and '"legend": {' not in spec
    assert '"type": "text"' in spec
    assert "An arm whose name is" in spec and (name == "differences" or "\\n" in spec)


def test_the_base_is_dashed_and_drawn_over_the_other_arms():
    """Both are visible where they coincide."""
    others, base, _ = charts.decided_by_hours(comparison(ARMS)["decided"]).to_dict()["layer"]
    dashes = dict(zip(*(base["encoding"]["strokeDash"]["scale"][end] for end in ("domain", "range")), strict=True))
    assert [arm for arm in ARMS if dashes[arm] == [8, 5]] == ["arm 0"]
    assert base["mark"]["strokeWidth"] > others["mark"]["strokeWidth"]


def test_labels_keep_their_order_and_do_not_overlap():
    """They are near their lines, and within the picture."""
    places = spread([50.0, 50.0, 51.0, 2.0, 99.0], [10.0, 10.0, 10.0, 10.0, 20.0], 100.0)
    assert sorted(places) == [places[3], places[0], places[1], places[2], places[4]]
    for low, high, least in ((3, 0, 10), (0, 1, 10), (1, 2, 10), (2, 4, 15)):
        assert places[high] - places[low] >= least
    assert min(places) >= 5 and max(places) <= 90


def test_arms_without_a_figure_are_left_out_of_the_trade_off():
    """An example is a median that is never reached; the others keep their colours."""
    metrics = comparison(ARMS[:3])["metrics"]
    metrics.loc[metrics["arm"] == "arm 1", ["mean", "low", "high"]] = float("nan")
    spec = charts.trade_off(metrics).to_dict()
    assert [row["arm"] for row in next(iter(spec["datasets"].values()))] == ["arm 0", "arm 2"]
    assert scale(spec)["arm 2"] == charts.ARMS[2]


def luminance(colour: str) -> float:
    """Return the relative luminance as defined by WCAG."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_jupyterlab_draws_charts_itself():
    """The output has the format that JupyterLab 4 draws offline, and a picture."""
    before = alt.renderers.active
    try:
        charts.show_in_jupyterlab()
        bundle = charts.what_roles_allow(ALLOWED)._repr_mimebundle_()
    finally:
        alt.renderers.enable(before)
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "image/png", "text/plain"}
    assert b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["application/vnd.vegalite.v5+json"]["$schema"].endswith("/v5.json")
    assert bundle["text/plain"] == "A chart: What the roles allow"


def test_charts_are_imported_without_unneeded_grammars() -> None:
    code = "import sys, dashboard.charts; print('altair' in sys.modules, 'lark' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["True", "False"]
