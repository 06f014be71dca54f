"""Import: a trainer's own file is looked at, mapped, and made a room of its own."""

from dashboard.background.rooms import rooms
from dashboard.parts.imported.ticket_file import EXAMPLE, TEMPLATE, shipped
from data import Room
from tests.dashboard.conftest import ROOM, Enter, Look

HOSTILE = (
    b"ticket,tenant,resource tenant,When,title\n"
    b"1,![x](http://a.example/b.png),<b>Fabrikam</b>,2026-03-02,**bold**\n"
    b"2,Contoso,Fabrikam,![never](http://a.example/c.png),\n"
)


def upload(screen, content, name="mine.csv"):
    screen.app.file_uploader(key="tickets file").set_value((name, content, "text/csv"))
    return screen.run()


def test_the_example_becomes_a_new_room_and_this_one_stays(enter: Enter, look: Look):
    """What is left out stands there with line and reason before anything is made."""
    room = enter("rejection", steps=2)
    screen = look("trainer", "import_tickets").click("use example")
    assert [(metric.label, metric.value) for metric in screen.app.metric] == [
        ("Rows that can be used", "488"),
        ("Left out", "5"),
        ("Support requests", "480"),
        ("Access requests", "175"),
    ]
    (left_out,) = [frame.value for frame in screen.app.dataframe if "reason" in frame.value]
    assert left_out["line"].tolist() == list(range(490, 495))
    screen.app.text_input(key="name of the import").input("Our **spring**")
    screen.click("make of tickets")
    new_id = screen.app.query_params["room"]
    assert new_id != ROOM and rooms().get(ROOM).seq == room.seq
    made = rooms().get(new_id)
    assert isinstance(made, Room) and made.title == "Our **spring**" and made.verify()
    assert len(made.overview().requests()) == 175
    assert "This is “Our **spring**”, a room of its own." in screen.said[0]
    assert "This room was made of your own data" in look("trainer", "invite", room=new_id).text
    assert "your own data" not in look("trainer", "invite").text


def test_a_mapping_can_be_changed_and_a_file_without_a_time_makes_nothing(enter: Enter, look: Look):
    """And what stands in the file acts nowhere, nor in the names of the room that is made with other names."""
    enter("rejection")
    screen = upload(look("trainer", "import_tickets"), HOSTILE)
    assert "no column says when anything happened" in screen.said[0] and "make of tickets" not in screen.keys
    (asked,) = [box for box in screen.app.selectbox if box.key.startswith("column asked ")]
    asked.select_index(4)
    screen.run()
    assert [metric.value for metric in screen.app.metric][:2] == ["1", "1"]
    markdown = [element.value for element in screen.app.main.markdown]
    assert not [text for text in markdown if "](http" in text]
    screen.app.checkbox(key="generated names").check()
    screen.run().click("make of tickets")
    made = rooms().get(screen.app.query_params["room"])
    assert isinstance(made, Room)
    assert not [name for name in made.directory.tenants.values() if "Fabrikam" in name or name == "x"]
    assert made.overview().tickets()["title"].tolist() == ["Imported support request"]


def test_only_a_trainer_imports(enter: Enter, look: Look):
    """A member is shown the way to the trainer's page, and no file can be given."""
    enter("rejection")
    screen = look("adele@contoso", "import_tickets")
    assert "A trainer imports." in screen.said and not screen.app.get("file_uploader")


def test_a_file_without_tickets_is_refused_with_an_explanation(enter: Enter, look: Look):
    """Nothing of the server's folders is told."""
    enter("rejection")
    screen = upload(look("trainer", "import_tickets"), b"PAR1 is not enough", "mine.parquet")
    assert "This cannot be read as it is: mine.parquet is not a Parquet file" in screen.said[0]
    assert "/tmp" not in screen.said[0]
    assert shipped(EXAMPLE) and shipped(TEMPLATE)


def test_audit_logs_of_two_tenants_become_a_room(enter: Enter, look: Look):
    """The page says what these logs cannot show; a file in no known form is refused in words."""
    enter("rejection")
    screen = look("trainer", "import_tickets")
    screen.app.session_state["import"] = "Audit logs"
    screen.run().click("use example logs")
    assert "when support requests were opened" in screen.text
    screen.click("make of tickets")
    made = rooms().get(screen.app.query_params["room"])
    assert isinstance(made, Room) and {"Contoso", "Fabrikam"} <= set(made.directory.tenants.values())
    screen.app.file_uploader(key="log files").set_value([("mine.json", b'{"a":', "application/json")])
    assert "This cannot be read as it is: mine.json cannot be read" in screen.run().said[-1]
