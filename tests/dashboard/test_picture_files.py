"""Picture files are standalone, need no internet, and user texts are inert in them."""

import struct
from datetime import timedelta
from xml.etree import ElementTree

import pandas as pd
import pytest

from dashboard import charts
from dashboard.background.picture_files import picture_file
from dashboard.charts import flow, over_time
from dashboard.charts.whole import part, whole, whole_drawing
from data import Room
from tests.dashboard.payload import RAW

pytestmark = pytest.mark.slow

SOURCES = ["10,000 simulated tickets, seed 1.", f"Source: Support Access Lab, {RAW}"]
PART = charts.decided_by_hours(
    pd.DataFrame({"arm": ["the base", RAW[:20]], "hours": [1.0, 2.0], "share": [0.5, 0.6]})
).to_dict()


def words(svg: bytes) -> str:
    return " ".join(text for text in ElementTree.fromstring(svg).itertext() if text.strip())


def test_a_picture_is_drawn_with_its_title_and_its_sources():
    """As SVG its words are text that can be searched, in the brought font, and nothing in it leads elsewhere."""
    svg = picture_file(whole([PART], "How long a decision takes", SOURCES), "svg")
    said = words(svg)
    for text in ("How long a decision takes", SOURCES[0], "Source: Support Access Lab,", "the base"):
        assert text in said
    assert b"Liberation Sans" in svg and b"<script" not in svg and b"<image" not in svg and b"href=" not in svg


def test_parts_are_stacked_under_one_title():
    """The PNG has twice the size, for printing."""
    one, two = (picture_file(whole([PART] * count, "Twice", SOURCES), "png") for count in (1, 2))
    assert one.startswith(b"\x89PNG") and two.startswith(b"\x89PNG")
    (width, height), (_, higher) = (struct.unpack(">II", png[16:24]) for png in (one, two))
    assert width > 2 * charts.WIDTH and higher > 1.5 * height


def test_a_picture_that_needs_the_internet_is_refused():
    """The reason is in the error, which goes to the server's log."""
    spec = whole([PART], "From elsewhere", [])
    spec["layer"][0]["data"] = {"url": "http://localhost:9/rows.json"}
    with pytest.raises(RuntimeError, match="could not be drawn"):
        picture_file(spec, "svg")


def test_the_pictures_of_overview_and_timeline_are_standalone():
    """With a legend in place of the words beside them, and without what only a page does: zoom, clicks, its width."""
    room = Room.create(scenario="removal-stays-private")
    for _ in range(3):
        room.next_step()
    view = room.overview()
    timeline, by_day, load = view.frame("timeline"), view.frame("by_day", days=14), view.frame("load")
    rows = over_time.case_rows(timeline, room.now, timedelta(days=30))
    cases, load_rows = part(over_time.cases_to_print(), rows, 24), over_time.load_rows(load)
    for one, expected in (
        (cases, ["access held", "access removed", "canceled (lab)", str(timeline["ticket_id"].iloc[0])]),
        (part(over_time.load_to_print(), load_rows, 60), ["live grants", str(load["engineer"].iloc[0])]),
        (part(over_time.calendar(), over_time.calendar_rows(by_day, "requests"), 215), ["Mon", "Sun"]),
    ):
        said = words(picture_file(whole([one], "A picture", SOURCES), "svg"))
        for text in ("A picture", SOURCES[0], *expected):
            assert text in said
    assert not any("params" in layer for layer in over_time.cases_to_print()["layer"])


def test_a_drawing_is_framed_as_the_charts_are():
    """What others wrote is text in it; as PNG it is twice the size, on white."""
    drawing = whole_drawing(flow.flow_drawing({"Pending": 3}, {}, dark=False), "Where requests are", SOURCES)
    said = words(picture_file(drawing, "svg"))
    for text in ("Where requests are", SOURCES[0], "Source: Support Access Lab,", "Canceled (lab)"):
        assert text in said
    assert "<script" not in drawing and "href=" not in drawing
    png = picture_file(drawing, "png")
    width, _ = struct.unpack(">II", png[16:24])
    assert png.startswith(b"\x89PNG") and width == 2 * (650 + 40)
