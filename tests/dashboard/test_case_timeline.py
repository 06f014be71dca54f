"""The chart below the parties: when each side saw an access request, and when data could be read."""

from datetime import datetime, timedelta

from dashboard.charts.one_case import CAN_READ, Bar, Read, case_rows, one_case
from dashboard.palette import MARKS
from model import CloseTicket
from tests.dashboard.conftest import Enter, Look
from tests.story_ids import T1

START = datetime(2026, 3, 2, 9)
DAY = timedelta(days=1)
ROWS = ["Contoso sees", "Fabrikam sees", "Sam can read Fabrikam"]
BARS = [
    Bar(ROWS[0], "Pending", START, START + DAY),
    Bar(ROWS[1], "Pending", START, START + DAY),
    Bar(ROWS[1], "Approved", START + DAY, START + 2 * DAY),
    Bar(ROWS[1], "Revoked", START + 2 * DAY, None),
    Bar(ROWS[2], CAN_READ, START + DAY, START + 2 * DAY),
]
READS = [Read(ROWS[2], True, START + 1.5 * DAY), Read(ROWS[2], False, START + 2 * DAY)]


def test_a_side_that_lost_sight_of_the_request_is_labelled_from_that_moment_on():
    """Only the row of that side has the label."""
    rows = case_rows(ROWS, BARS, READS, START + 3 * DAY)
    nothing = rows[rows["kind"] == "nothing"]
    assert list(zip(nothing["row"], nothing["begins"], strict=True)) == [(ROWS[0], START + DAY)]
    assert rows[rows["kind"] == "now"]["begins"].tolist() == [START + 3 * DAY]
    assert rows[rows["kind"] == "read"]["what"].tolist() == ["granted", "refused"]
    assert dict(zip(rows["row"], rows["place"], strict=True)) == {row: place for place, row in enumerate(ROWS)}


def test_a_bar_that_has_just_begun_is_visible():
    """It is drawn longer than it is, and its tooltip has the real end, which is now."""
    now = START + 2 * DAY
    revoked = case_rows(ROWS, BARS, READS, now).query("what == 'Revoked'").iloc[0]
    assert revoked["begins"] == revoked["until"] == now
    assert timedelta(0) < revoked["ends"] - now < 0.05 * 2 * DAY


def test_the_chart_uses_existing_columns_and_has_a_colour_for_every_status():
    """No status falls back to a default colour."""
    columns = set(case_rows(ROWS, BARS, READS, START + DAY).columns)
    fields = {
        one["field"]
        for layer in one_case()["layer"]
        for channel in layer["encoding"].values()
        for one in (channel if isinstance(channel, list) else [channel])
    }
    assert fields <= columns
    colours = one_case()["layer"][0]["encoding"]["color"]["scale"]
    assert {str(status) for status in MARKS} | {CAN_READ} <= set(colours["domain"])
    assert len(colours["domain"]) == len(colours["range"])


def test_the_page_has_a_text_alternative_and_a_table_of_the_chart(enter: Enter, look: Look):
    """They appear with the first access request."""
    enter("removal-stays-private", steps=1)
    screen = look("trainer", "side_by_side")
    assert "Contoso sees" not in screen.text
    for _ in range(5):
        screen.click("next step")
    assert "Contoso sees: Pending, Mon 02 Mar, 09:00 until Mon 02 Mar, 10:00" in screen.text
    assert "Fabrikam sees: Revoked" in screen.text and "until now" in screen.text
    assert "Sam Rivera can read Fabrikam: can read" in screen.text
    (table,) = screen.app.main.dataframe
    assert set(table.value["Who"]) == {"Contoso sees", "Fabrikam sees", "Sam Rivera can read Fabrikam"}


def test_a_status_that_this_lab_adds_is_marked_in_the_chart_in_its_words_and_in_the_table(enter: Enter, look: Look):
    """Closing a support request cancels a pending request, a status that the source does not have."""
    room = enter("removal-stays-private", steps=2)
    room.do(CloseTicket(T1), room.member("ben", "contoso"))
    screen = look("trainer", "side_by_side", ticket=T1)
    assert "Fabrikam sees: Canceled (lab), " in screen.text
    (table,) = screen.app.main.dataframe
    assert "Canceled (lab)" in set(table.value["What"]) and "Canceled" not in set(table.value["What"])
    rows = case_rows(["Fabrikam sees"], [Bar("Fabrikam sees", "Expired", START, None)], [], START + DAY)
    assert rows["words"].tolist()[0] == "Expired (lab)"
    (what,) = (told for told in one_case()["layer"][0]["encoding"]["tooltip"] if told["title"] == "what")
    assert what["field"] == "words"
