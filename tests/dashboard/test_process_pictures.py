"""Process pictures are the trainer's: on Overview, if wanted."""

import pandas as pd
import pytest

from dashboard.charts import process
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.screen import Screen


def table(screen: Screen, column: str) -> pd.DataFrame:
    """The one table on the page that has the column."""
    (found,) = (frame.value for frame in screen.app.dataframe if column in frame.value.columns)
    return found


def test_a_trainer_sees_the_paths_and_a_member_nothing_of_them(enter: Enter, look: Look):
    """Shown at a switch, since they read the whole log."""
    enter("removal-stays-private", steps=8)
    screen = look("trainer", "overview")
    assert not [frame for frame in screen.app.dataframe if "Path" in frame.value]
    screen.app.toggle(key="process").set_value(True)
    screen.run()
    assert table(screen, "Path")["Path"].str.startswith("opened → access requested").any()
    member = look("adele@contoso", "overview", process="true")
    assert not [box for box in member.app.toggle if box.key == "process"]
    assert not [frame for frame in member.app.dataframe if "Path" in frame.value]


@pytest.mark.parametrize("viewer", ["adele@contoso", "sam"])
def test_they_are_for_trainers_also_where_a_link_asks_for_them(enter: Enter, look: Look, viewer: str):
    """A path tells whether somebody removed access."""
    enter("busy-week", steps=12)
    screen = look(viewer, "overview", process="true")
    assert "process" not in {box.key for box in screen.app.toggle} and "most frequent" not in screen.text
    assert not [frame for frame in screen.app.dataframe if {"Path", "How often"} & set(frame.value.columns)]


def test_each_picture_has_words_and_a_table(enter: Enter, look: Look):
    room = enter("busy-week", steps=12)
    screen = look("trainer", "overview", process="true")
    paths, steps = (room.overview().metric(name) for name in ("paths of cases", "hours between steps"))
    shown = table(screen, "Path")
    assert shown["Support requests"].tolist() == paths["tickets"].tolist()
    assert shown["Path"].iloc[0] == process.path_in_words(paths["path"].iloc[0])
    assert table(screen, "Nine in ten within (hours)")["How often"].sum() == steps["steps"].sum()
    words = [each.proto.alt for each in screen.app.get("vega_lite_chart")]
    assert len(words) == 5 and all(words), "the day by day, the load, and three of these"
    assert "The most access requests wait on" in screen.text


def test_paths_beyond_the_most_frequent_ones_are_one_bar():
    many = pd.DataFrame({"path": ["open"] * 15, "tickets": range(15, 0, -1), "share": [1 / 15] * 15, "hours": 0.0})
    rows = process.path_rows(many)
    assert len(rows) == 13 and rows["tickets"].sum() == 120 and rows["path"].iloc[-1] == "3 other paths"


def test_one_more_path_than_the_most_frequent_ones_is_shown_as_itself():
    many = pd.DataFrame({"path": ["open"] * 13, "tickets": 1, "share": 1 / 13, "hours": 0.0})
    assert process.path_rows(many)["path"].tolist() == ["opened"] * 13


def test_a_room_without_cases_says_that_there_are_no_paths(enter: Enter, look: Look):
    enter("sandbox")
    assert "The path of each support request" in look("trainer", "overview", process="true").text
