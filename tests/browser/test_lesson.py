"""A guided lesson from start to end on three real pages at once: the trainer, Contoso and Fabrikam."""

import re
from collections.abc import Callable

from data import scenarios
from data.room_folder import invitations
from data.room_folder.invitations import Invitations, Role
from model import Member
from tests.browser.pages import SIDE_BY_SIDE, Page, click, expect, go, main, says, text
from tests.browser.serving import Server

LESSON = "removal-stays-private"
MakeRoom = Callable[..., str]
OpenWindow = Callable[..., Page]


def answers(window: Page, question: str, choice: str) -> None:
    """Answer the question on the page, and check that it is counted."""
    says(window, question)
    main(window).get_by_text(choice, exact=True).click()
    says(window, "Your answer is counted")


def test_a_lesson_is_taught_on_three_pages_at_once(
    server: Server, make_room: MakeRoom, open_window: OpenWindow
) -> None:
    """Both groups answer every question, each step proves the answer, and Contoso's page reveals no removal."""
    room = make_room(0, LESSON)
    found, trainers = Invitations().with_new(Role.TRAINER)
    found, bens = found.with_new(Role.PARTICIPANT, Member("ben", "contoso"))
    found, farahs = found.with_new(Role.PARTICIPANT, Member("farah", "fabrikam"))
    invitations.write(server.log.with_name("rooms") / f"{room}.duckdb", found)
    trainer, ben, farah = open_window(), open_window(), open_window()
    go(trainer, SIDE_BY_SIDE, room, "trainer", key=trainers)
    go(ben, "Pending requests", room, "", key=bens, name="Ben")
    go(farah, "Approved access", room, "", key=farahs, name="Farah")
    steps = scenarios()[LESSON].steps
    for number, step in enumerate(steps, start=1):
        says(trainer, f"step {number - 1} of {len(steps)}")
        if quiz := step.quiz:
            wrong = next(choice.says for choice in quiz.choices if choice.says != quiz.right)
            click(trainer, "Ask the class")
            answers(ben, quiz.question, quiz.right)
            answers(farah, quiz.question, wrong)
            says(trainer, "2 answers so far")
            click(trainer, "Close the question")
            says(trainer, "The next step shows which answer is right.")
            expect(main(ben).get_by_text("A question to the class")).to_have_count(0)
        click(trainer, "Next step" if number > 1 else "First step")
        if quiz:
            says(trainer, quiz.why)
    says(trainer, "The story is finished")
    says(farah, "Revoked")
    assert not re.search("Revoked|removed", text(ben))
    assert "Trainer's notes" in text(trainer) and "Trainer's notes" not in text(ben) + text(farah)
