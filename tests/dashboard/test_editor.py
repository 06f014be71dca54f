"""The editor shows a text's preview beside it, or its error with the place."""

import pytest

from dashboard.parts.scenarios.edited_files import KINDS
from data import scenarios
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.screen import Screen


@pytest.fixture
def editor(enter: Enter, look: Look) -> Screen:
    """Open the editor in a new room."""
    enter("rejection")
    return look("trainer", "editor")


def write(screen: Screen, kind: str, text: str) -> Screen:
    screen.app.text_area(key=f"text {kind}").set_value(text)
    return screen.run()


def choose(screen: Screen, kind: str) -> Screen:
    screen.app.session_state["kind"] = kind
    return screen.run()


@pytest.mark.parametrize("kind", KINDS)
def test_every_example_can_be_read(editor: Screen, kind: str):
    """Scenarios, experiments and policies, on one page."""
    choose(editor, kind)
    for name, text in KINDS[kind].begin().items():
        if name != "busy-week" or kind != "Scenario":
            editor.choose(f"begin {kind}", name)
            assert editor.app.text_area(key=f"text {kind}").value == text
            assert not editor.app.error and len(editor.app.success) == 1, name


@pytest.mark.parametrize(
    ("kind", "right", "wrong", "said"),
    [
        (
            "Scenario",
            'do = "approve"',
            'do = "aprove"',
            "steps[3].do: unknown 'aprove'; did you mean 'approve'?",
        ),
        ("Scenario", "starts = 2", "starts == 2", "(at line"),
        ("Experiment", "tickets = ", "ticket = ", "did you mean"),
        ("Policy", "title = ", "titel = ", "line 1"),
    ],
)
def test_errors_are_shown_with_their_line(editor: Screen, kind: str, right: str, wrong: str, said: str):
    """The line is shown between its neighbours."""
    text = choose(editor, kind).app.text_area(key=f"text {kind}").value.replace(right, wrong, 1)
    write(editor, kind, text)
    (error,) = editor.app.error
    assert said in editor.text and not editor.app.success and error
    assert f"line {1 + text[: text.index(wrong)].count(chr(10))}" in editor.text
    (code,) = editor.app.code
    (marked,) = [line for line in code.value.splitlines() if line.startswith("→")]
    assert marked.endswith(next(line for line in text.splitlines() if wrong in line))


def test_the_steps_of_a_story_are_listed_with_their_failures(editor: Screen):
    """Here an expected status is wrong."""
    text = scenarios()["rejection"].text
    editor.choose("begin Scenario", "rejection")
    assert "All 9 steps are as expected." in editor.text
    write(editor, "Scenario", text.replace('fabrikam = { r1 = "Rejected" } }', 'fabrikam = { r1 = "Approved" } }', 1))
    assert "1 of 9 steps went another way." in editor.text
    assert "in fabrikam, r1 should be Approved, but is Rejected" in editor.text


def test_an_edited_story_starts_in_a_new_room(editor: Screen):
    """The original room is kept."""
    before = editor.app.query_params["room"]
    text = scenarios()["rejection"].text.replace('title = "Rejection"', 'title = "Our *own* story"', 1)
    write(editor, "Scenario", text).click("start edited")
    assert "Our *own* story" in editor.text and editor.app.query_params["room"] != before


def test_a_draft_survives_a_visit_to_another_page(editor: Screen):
    """It is kept until the tab is closed."""
    write(editor, "Scenario", "title = 1")
    assert editor.open("scenarios").open("editor").app.text_area(key="text Scenario").value == "title = 1"


def test_a_text_can_be_restored_after_another_file_replaced_it(editor: Screen):
    """The other file may be an example or an upload; a file that is too long changes nothing."""
    write(editor, "Scenario", "mine = 1")
    editor.choose("begin Scenario", "rejection")
    area = editor.app.text_area(key="text Scenario")
    assert area.value == scenarios()["rejection"].text
    assert (
        editor.click("bring draft back").app.text_area(key="text Scenario").value == "mine = 1"
        and "bring draft back" not in editor.keys
    )
    (upload,) = editor.app.get("file_uploader")
    upload.upload("long.toml", b"#" * 200_001, "application/toml")
    assert "200,001 characters" in " ".join(editor.run().said)
    assert editor.app.text_area(key="text Scenario").value == "mine = 1"
