"""The autopilot on real pages: simulated people's acts appear on a participant's page by themselves."""

from collections.abc import Callable

from playwright.sync_api import Page

from data.room_folder import invitations
from data.room_folder.invitations import Invitations, Role
from model import Member
from tests.browser.pages import click, expect, go, main, says, text
from tests.browser.serving import Server


def test_simulated_acts_appear_on_a_members_page_until_the_trainer_pauses_them(
    server: Server, make_room: Callable[..., str], open_window: Callable[..., Page]
) -> None:
    room = make_room(0, "sandbox")
    found, trainers = Invitations().with_new(Role.TRAINER)
    found, bens = found.with_new(Role.PARTICIPANT, Member("ben", "contoso"))
    invitations.write(server.log.with_name("rooms") / f"{room}.duckdb", found)
    trainer, ben = open_window(), open_window()
    go(ben, "Support requests", room, "", key=bens, name="Ben")
    go(trainer, "Overview", room, "trainer", key=trainers)
    trainer.get_by_role("button", name="Autopilot").click()
    panel = trainer.get_by_test_id("stPopoverBody")
    panel.get_by_text("Contoso", exact=True).click()  # whom Ben's link would leave to the class
    panel.get_by_label("Support requests a day").fill("100")
    panel.get_by_label("Support requests a day").press("Tab")
    panel.get_by_role("button", name="Start autopilot").click()
    says(trainer, "things done")
    expect(main(ben).get_by_role("cell", name="Open", exact=True).first).to_be_visible()
    click(trainer, "Pause autopilot")
    expect(trainer.get_by_role("button", name="Pause autopilot")).to_have_count(0)
    assert "utopilot" not in text(ben)
