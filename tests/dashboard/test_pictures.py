"""Every picture of the app has a text alternative and a table, and is static if motion is off."""

import ast
import re
from pathlib import Path

import pytest

import dashboard
from dashboard import charts
from dashboard.charts.over_time import calendar, cases, cases_to_print, load, load_to_print
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.screen import alternatives

ROOT = Path(dashboard.__file__).parent
FILES = sorted(file for file in ROOT.rglob("*") if file.suffix in (".py", ".css", ".js"))
DRAWS = {"vega_lite_chart", "altair_chart", "image"}
DRAWS_WITHOUT_WORDS = {"line_chart", "bar_chart", "area_chart", "scatter_chart", "pyplot", "balloons", "snow", "map"}

ON_PAGES = {  # page -> its charts; each in a room with data
    "overview": {"calendar", "load", "flow_drawing"},
    "overview, if wanted": {"between", "paths", "waiting"},
    "timeline": {"cases"},
    "side_by_side": {"one_case"},
    "what_if": {"decided_by_hours", "differences", "live_grants", "resolved_by_hours", "trade_off"},
    "what_if, beside the answer": {"by_hours", "hours_against_hours", "swept", "tornado", "traded"},
    "quiz": {"tally_chart"},
}
DOWNLOADED = {"cases_to_print", "load_to_print", "which_promises_hold"}
IN_NOTEBOOKS = {
    "fit_by_hours",
    "fit_hours_against_hours",
    "hours_between_steps",
    "paths_of_cases",
    "waiting_by_weekday_and_hour",
    "hours_to_a_decision",
    "live_grants_by_day",
    "requests_by_status",
    "tickets_by_week",
    "timeline",
    "undecided",
    "what_roles_allow",
    "who_sees_which_status",
}


def test_every_chart_is_known_to_be_drawn_somewhere():
    """A new one is put in the lists above, and so into the test of its page."""
    found = set()
    for file in (ROOT / "charts").glob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.returns:
                is_chart = ast.unparse(node.returns) in ("Drawn", "Spec", "dict[str, Any]")
                if file.stem != "whole" and (is_chart or node.name == "flow_drawing") and node.name != "finish":
                    found.add(node.name)
    assert found == set().union(*ON_PAGES.values(), DOWNLOADED, IN_NOTEBOOKS)


def test_every_drawing_call_has_a_text_alternative():
    """`alt` becomes the picture's label in the browser; charts that can have none are not used."""
    drawn = 0
    for file in (file for file in FILES if file.suffix == ".py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                name, on = node.func.attr, ast.unparse(node.func.value)
                assert on != "st" or name not in DRAWS_WITHOUT_WORDS, f"{file}:{node.lineno}"
                if name in DRAWS:
                    drawn += 1
                    assert "alt" in {given.arg for given in node.keywords}, f"{file}:{node.lineno}"
    assert drawn >= 6


@pytest.mark.parametrize("page", ["overview", "timeline", "side_by_side"])
def test_a_pages_pictures_have_text_alternatives_and_tables(enter: Enter, look: Look, page: str):
    """As many pictures as the page is known to draw; What if and the quiz have tests of their own."""
    enter("cross-tenant-approval", steps=4)
    screen = look("trainer", page)
    said = alternatives(screen)
    assert len(said) == len(ON_PAGES[page]) and len(set(said)) == len(said)
    assert all(len(words) > 30 for words in said)
    assert screen.app.dataframe


@pytest.mark.parametrize("file", [file for file in FILES if file.suffix in (".css", ".js")], ids=lambda file: file.name)
def test_nothing_is_animated_if_motion_is_reduced(file: Path):
    """Animations are in media queries."""
    text = file.read_text(encoding="utf-8")
    still = re.sub(r"@media \(prefers-reduced-motion: no-preference\) \{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", text)
    assert not re.search(r"animation|transition|\.animate\(|smooth", still.replace("@keyframes party-changes", ""))


@pytest.mark.parametrize("chart", [calendar, cases, cases_to_print, load, load_to_print])
def test_a_chart_has_no_animation_of_its_own(chart):
    """Neither a timer nor an encoding by time that plays."""
    text = repr(chart())
    assert "timer" not in text and "'time':" not in text and charts.WIDTH
