"""The pages Overview and Timeline, as each kind of viewer sees them, and the targets of clicks."""

import pandas as pd
import pytest

from dashboard.charts import flow, over_time
from dashboard.palette import status_name
from dashboard.parts.open_case import case_clicked, place_of_case
from dashboard.shell.visit import Visit, viewer_id, viewers
from model import Approve
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen
from tests.story_ids import T1

PAGES = ("overview", "timeline")


def figures(screen: Screen) -> dict[str, str]:
    return {metric.label: metric.value for metric in screen.app.metric}


def table(screen: Screen, column: str) -> pd.DataFrame:
    """Return the only table on the page with this column."""
    (found,) = (frame.value for frame in screen.app.dataframe if column in frame.value.columns)
    return found


def drawn(screen: Screen) -> set[str]:
    """Return the bars and marks of the timeline."""
    return set(table(screen, "What")["What"])


def test_the_trainers_overview_counts_every_tenant(enter: Enter, look: Look):
    """Figures, statuses, load and table agree with the room's own record, and there is a trend to each figure."""
    room = enter("busy-week", steps=12)
    screen = look("trainer", "overview")
    requests = room.overview().requests()
    counts = requests["status"].value_counts()
    assert figures(screen)["Waiting"] == str(counts["Pending"])
    assert figures(screen)["Live grants"] == str(counts["Approved"])
    assert all(len(metric.proto.chart_data) == 30 for metric in screen.app.metric)
    stand = table(screen, "In it now").set_index("Status")["In it now"]
    assert stand[stand > 0].to_dict() == {status_name(status): many for status, many in counts.items()}
    assert screen.column("Support request ID") == requests["ticket_id"].head(20).tolist()
    assert table(screen, "Open support requests")["Open support requests"].sum() == (
        room.overview().tickets()["status"].eq("Open").sum()
    )


def test_each_tenant_sees_its_own_side_on_the_overview(enter: Enter, look: Look):
    """After the approval Contoso sees nothing of it, Fabrikam a live grant; before, both see that it waits."""
    room = enter("removal-stays-private", steps=2)
    contoso, fabrikam = look("adele@contoso", "overview"), look("adele@fabrikam", "overview")
    assert figures(contoso)["Waiting"] == figures(fabrikam)["Waiting"] == "1"
    room.do(Approve("r1"), room.member("adele", "fabrikam"))
    contoso.run()
    assert (figures(contoso)["Waiting"], figures(contoso)["Live grants"]) == ("0", "0")
    assert "open r1" not in contoso.opened_by_tables
    fabrikam.run()
    assert (figures(fabrikam)["Waiting"], figures(fabrikam)["Live grants"]) == ("0", "1")
    assert "open r1" in fabrikam.opened_by_tables and fabrikam.column("Status")[0] == "Approved"


def test_a_request_in_the_table_opens_on_the_viewers_page(enter: Enter, look: Look):
    """By its link, which a new tab opens too; a request that the viewer does not see opens nothing."""
    room = enter("removal-stays-private", steps=2)
    assert look("adele@contoso", "overview").opened_by_tables["open r1"].startswith("?")
    assert look("adele@contoso", "overview", request="r1").title == "Pending request"
    room.do(Approve("r1"), room.member("adele", "fabrikam"))
    assert look("adele@contoso", "overview", request="r1").title == "Overview"
    assert look("trainer", "overview", request="r1").title == "Side by side"


def test_each_tenant_sees_its_own_bars_on_the_timeline(enter: Enter, look: Look):
    """Contoso its support request, without the access; Fabrikam the access, without when the support request opened."""
    room = enter("removal-stays-private", steps=2)
    contoso, fabrikam = look("adele@contoso", "timeline"), look("adele@fabrikam", "timeline")
    assert drawn(contoso) == {"support request open", "access request pending"}
    room.do(Approve("r1"), room.member("adele", "fabrikam"))
    contoso.run(), fabrikam.run()
    assert drawn(contoso) == {"support request open"}
    assert drawn(fabrikam) == {"access request pending", "access held", "approved"}


@pytest.mark.parametrize("page", PAGES)
def test_a_member_without_the_permission_sees_that_it_is_missing(enter: Enter, look: Look, page: str):
    """There is no figure, picture or table."""
    enter("role-trap", steps=9)
    screen = look("rosa@fabrikam", page)
    assert len(screen.app.warning) == 1
    assert not (screen.app.metric or screen.app.dataframe or screen.app.get("vega_lite_chart"))


def test_an_engineer_sees_the_assigned_support_requests(enter: Enter, look: Look):
    """On both pages, and nobody else's."""
    room = enter("role-trap", steps=9)
    for engineer in room.story.directory.engineers:
        own = set(room.as_seen_by(room.engineer(engineer)).tickets()["ticket_id"])
        screen = look(engineer, "timeline")
        shown = set(table(screen, "What")["Support request ID"]) if own else set()
        assert shown == own
        screen.open("overview")
        requests = room.as_seen_by(room.engineer(engineer)).requests()
        assert figures(screen)["Live grants"] == str(requests["status"].eq("Approved").sum())


@pytest.mark.parametrize("viewer", ["trainer", "adele@contoso", "sam"])
def test_an_empty_room_says_so(enter: Enter, look: Look, viewer: str):
    """No bar without a case; the figures are zero."""
    enter("sandbox")
    screen = look(viewer, "timeline")
    assert "No support requests yet" in screen.text
    screen.open("overview")
    assert "No access requests" in screen.text
    assert figures(screen)["Waiting"] == "0" and figures(screen)["Oldest waiting"] == "–"


def test_filters_narrow_the_timeline_and_are_kept_in_the_link(enter: Enter, look: Look):
    """Filters are tenant, status and engineer; if nothing matches, the page says so."""
    room = enter("busy-week", steps=12)
    requests = room.overview().requests()
    names = room.directory.tenants
    screen = look("trainer", "timeline", status="Revoked")
    revoked = set(requests.loc[requests["status"] == "Revoked", "ticket_id"])
    assert set(table(screen, "What")["Support request ID"]) == revoked
    screen = look("trainer", "timeline", status="Revoked", tenant=names["fabrikam"])
    of_fabrikam = requests[
        (requests["support_request_tenant"] == "fabrikam") | (requests["resource_tenant"] == "fabrikam")
    ]
    assert set(table(screen, "What")["Support request ID"]) == revoked & set(of_fabrikam["ticket_id"])
    screen.choose("status", "Expired")
    assert "Nothing matches" in screen.text


def test_the_pictures_mark_the_statuses_that_this_lab_adds():
    """In the drawing of the statuses, in its words, and among the marks of the timeline."""
    for name in ("Canceled", "Expired"):
        assert f">{name} (lab)</text>" in flow.flow_drawing({}, {}, dark=False)
        assert f"{name} (lab) not visible" in flow.flow_in_words({}, {})
        assert over_time.MARKS[name.lower()][0] == f"{name.lower()} (lab)"


@pytest.mark.parametrize("viewer", ["trainer", "adele@contoso", "sam"])
def test_each_picture_can_be_downloaded(enter: Enter, look: Look, viewer: str):
    """PNG and SVG are offered for three pictures of Overview and one of Timeline, unless they are empty."""
    enter("removal-stays-private", steps=3)
    assert len(look(viewer, "overview").app.get("download_button")) == 6
    assert len(look(viewer, "timeline").app.get("download_button")) == 2
    enter("sandbox")
    assert len(look(viewer, "overview").app.get("download_button")) == 4
    assert not look(viewer, "timeline").app.get("download_button")


def test_more_cases_than_fit_are_the_newest_and_the_page_says_so(enter: Enter, look: Look):
    """The limit is said, with the way to the others."""
    room = enter("busy-week", steps=3)
    screen = look("trainer", "timeline")
    tickets = room.overview().tickets()
    assert len(tickets) > 40 and "The newest 40 support requests" in screen.text
    assert set(table(screen, "What")["Support request ID"]) == set(tickets["ticket_id"].head(40))


def test_a_click_leads_only_to_drawn_cases(enter: Enter):
    """To the request of a bar, to the support request of a bar without one; an id that is not drawn leads nowhere."""
    room = enter("removal-stays-private", steps=3)
    drawn = room.overview().frame("timeline")
    assert case_clicked(drawn, []) is None
    assert case_clicked(drawn, [{"ticket_id": "t9", "request_id": "r1"}, {}]) is None
    assert case_clicked(drawn, [{"ticket_id": T1, "request_id": None}]) == {
        "ticket_id": T1,
        "request_id": None,
        "status": "",
    }
    found = case_clicked(drawn, [{"ticket_id": T1, "request_id": "r1"}])
    assert found and found["request_id"] == "r1"


@pytest.mark.parametrize(
    ("viewer", "row", "page", "link"),
    [
        ("trainer", {"request_id": "r1"}, "side_by_side", {"ticket": T1}),
        ("sam", {"request_id": "r1"}, "desk", {"ticket": T1}),
        ("adele@fabrikam", {"request_id": "r1", "status": "Pending"}, "pending", {"request": "r1"}),
        ("adele@fabrikam", {"request_id": "r1", "status": "Approved"}, "approved", {"request": "r1"}),
        ("adele@contoso", {"request_id": None}, "tickets", {"ticket": T1}),
    ],
)
def test_each_kind_of_viewer_has_a_page_for_a_case(
    enter: Enter, viewer: str, row: dict[str, str | None], page: str, link: dict[str, str]
):
    """A member a request in its list, and a support request without one in that of support requests."""
    room = enter("removal-stays-private", steps=3)
    (who,) = (each for each in viewers(room) if viewer_id(each) == viewer)
    here = Visit("Timeline", ROOM, room, who, room.state)
    assert place_of_case(here, {"ticket_id": T1, **row}) == (page, here.link(**link))
