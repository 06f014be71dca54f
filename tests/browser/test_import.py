"""Import in a real browser: a spreadsheet's file is uploaded, looked at on a phone too, and made a room."""

from collections.abc import Callable

from tests.browser.pages import Page, click, expect, fits, go, in_another_room, main, says, titled, turn

MakeRoom = Callable[..., str]
FILE = (
    "\ufeffCase ID;Customer;Target tenant;Created;Requested;Decided at;Outcome\r\n"
    "T1;Contoso <b>AG</b>;![x](http://a.example/x.png);2026-03-02 09:00;2026-03-02 10:00;2026-03-02 11:00;Approved\r\n"
    "T2;Contoso <b>AG</b>;Fabrikam;never;;;\r\n"
)


def test_an_uploaded_file_becomes_a_new_room(page: Page, make_room: MakeRoom) -> None:
    """Its texts are inert, and the page fits a phone."""
    room = make_room(steps=1)
    go(page, "Import", room, "trainer")
    content = {"name": "mine.csv", "mimeType": "text/csv", "buffer": FILE.encode()}
    main(page).locator("input[type=file]").set_input_files(content)
    says(page, "Rows that cannot be used")
    page.set_viewport_size({"width": 390, "height": 844})
    fits(page)
    page.set_viewport_size({"width": 1280, "height": 720})
    click(page, "Make the room")
    says(page, "a room of its own", within=30)
    in_another_room(page, room)
    turn(page, "Support requests")
    titled(page, "Support requests")
    expect(main(page).get_by_text("Imported support request").first).to_be_visible()
    assert not main(page).locator("img, b:has-text('AG')").count()
