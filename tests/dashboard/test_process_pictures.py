"""Process pictures are the trainer's: on Overview, if wanted."""

from tests.dashboard.conftest import Enter, Look


def test_a_trainer_sees_the_paths_and_a_member_nothing_of_them(enter: Enter, look: Look):
    """Shown at a switch, since they read the whole log."""
    enter("removal-stays-private", steps=8)
    screen = look("trainer", "overview")
    assert not [frame for frame in screen.app.dataframe if "path" in frame.value]
    screen.app.toggle(key="process").set_value(True)
    screen.run()
    (paths,) = [frame.value for frame in screen.app.dataframe if "path" in frame.value]
    assert paths["path"].str.startswith("opened → access asked for").any()
    member = look("adele@contoso", "overview", process="true")
    assert not [box for box in member.app.toggle if box.key == "process"]
    assert not [frame for frame in member.app.dataframe if "path" in frame.value]
