"""Figures over time agree with the viewer's own lists at the end of each day, and show nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from data import Desk, Lens, Overview, Room, scenarios
from data.lens.lens import OVER_TIME_NAMES
from model import (
    Approve,
    CloseTicket,
    HistoryFrom,
    Member,
    OpenTicket,
    Policy,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
)
from tests.worlds import ACTS, DIRECTORY, POLICIES, WAITS, Act, Moved, PlainRoom, do_both, lines_of

START = datetime(2026, 3, 2, 9)
ANN, ANN_SOUTH = Member("ann", "north"), Member("ann", "south")


def told(policy: Policy | None = None) -> Room:
    """Play three requests of a North ticket for South, in turn rejected, removed and pending, and a live grant."""
    room = Room.create(scenario=None, policy=policy or Policy(), directory=DIRECTORY)
    first, second = (room.do(OpenTicket(f"Fails {n}", engineer="kim"), ANN).ticket_id or "" for n in (1, 2))
    kim = room.engineer("kim")
    rejected = room.do(RequestAccess(first, "south", "Logs"), kim).request_id or ""
    room.advance(timedelta(days=1))
    room.do(Reject(rejected), ANN)
    removed = room.do(RequestAccess(first, "south", "Logs"), kim).request_id or ""
    room.advance(timedelta(hours=12))
    room.do(Approve(removed), ANN_SOUTH)
    room.advance(timedelta(days=1))
    room.do(Revoke(removed), ANN_SOUTH)
    live = room.do(RequestAccess(second, "south", "Logs"), kim).request_id or ""
    room.do(Approve(live), ANN_SOUTH)
    room.do(RequestAccess(second, "west", "Logs"), kim)
    room.advance(timedelta(hours=6))
    return room


def bars_of(view: Lens | Desk | Overview, ticket: str, **chosen: object) -> list[tuple[int, str, str]]:
    """Return the lane, name and times of each bar and mark of a case."""
    return [
        (row["lane"], row["what"], f"{row['begins']:%d %H}-{row['ends']:%d %H}")
        for row in view.rows("timeline", **chosen)
        if row["ticket_id"] == ticket
    ]


def ticket_named(room: Room, title: str) -> str:
    return str(room.overview().tickets().set_index("title").loc[title, "ticket_id"])


def test_the_figures_of_each_day_counted_by_hand():
    """North sees pending requests and no approved ones, South sees the grants, the trainer sees all."""
    room = told()
    columns = ["day", "waiting", "live", "oldest_waiting", "longest_live", "requests", "decisions"]
    frame = room.overview().frame("by_day", days=4)[columns].astype(object)
    days = frame.where(frame.notna(), None).values.tolist()
    assert [[f"{day[0]:%d}", *day[1:]] for day in days] == [
        ["02", 1, 0, 15.0, None, 1, 0],
        ["03", 0, 1, None, 3.0, 1, 2],
        ["04", 1, 1, 3.0, 3.0, 2, 1],
        ["05", 1, 1, 6.0, 6.0, 0, 0],
    ]
    assert not room.overview().frame("by_day", days=4)["leaving_soon"].any(), "what waited or was live leaves no list"
    north, south = (room.as_seen_by(member).frame("by_day", days=4) for member in (ANN, ANN_SOUTH))
    assert north["waiting"].tolist() == [1, 0, 1, 1] and north["live"].tolist() == [0, 0, 0, 0]
    assert north["requests"].tolist() == [1, 1, 2, 0] and north["decisions"].tolist() == [0, 1, 0, 0]
    assert south["waiting"].tolist() == [1, 0, 0, 0] and south["live"].tolist() == [0, 1, 1, 1]
    assert south["decisions"].tolist() == [0, 2, 1, 0]
    of_west = room.overview().frame("by_day", days=4, only_tenant="west")
    assert of_west["waiting"].tolist() == [0, 0, 1, 1] and not of_west["live"].any()


def test_changes_at_midnight_count_on_the_day_that_begins():
    """This includes the first requested day."""
    room = told()
    room.advance(timedelta(hours=21))
    ticket = room.do(OpenTicket("At midnight", engineer="lee"), ANN).ticket_id or ""
    request = room.do(RequestAccess(ticket, "south", "Logs"), room.engineer("lee")).request_id or ""
    room.do(Approve(request), ANN_SOUTH)
    assert room.overview().frame("by_day", days=1)["requests"].tolist() == [1]


def test_the_flow_counts_requests_in_and_into_each_status():
    """North's own requests disappear from its flow with the approval."""
    room = told()
    flow = {row["status"]: (row["now"], row["ever"]) for row in room.overview().rows("flow")}
    assert flow == dict.fromkeys(Status, (0, 0)) | {
        "Pending": (1, 4),
        "Approved": (1, 2),
        "Rejected": (1, 1),
        "Revoked": (1, 1),
    }
    of_north = {row["status"]: (row["now"], row["ever"]) for row in room.as_seen_by(ANN).rows("flow")}
    assert of_north["Pending"] == (1, 4) and of_north["Rejected"] == (1, 1)
    assert of_north["Approved"] == of_north["Revoked"] == (0, 0)
    room.do(CloseTicket(ticket_named(room, "Fails 2")), ANN)
    flow = {row["status"]: (row["now"], row["ever"]) for row in room.overview().rows("flow")}
    assert (flow["Approved"], flow["Completed"], flow["Canceled"]) == ((0, 2), (1, 1), (1, 1))


def test_the_flow_of_a_tenant_on_both_sides_counts_each_request_once():
    """One of its own requests is for West, and one of South's is for it."""
    room = told()
    ticket = room.do(OpenTicket("Fails in South", engineer="kim"), ANN_SOUTH).ticket_id or ""
    room.do(RequestAccess(ticket, "north", "Logs"), room.engineer("kim"))
    north = {row["status"]: (row["now"], row["ever"]) for row in room.as_seen_by(ANN).rows("flow")}
    assert north["Pending"] == (2, 5)
    of_south = {row["status"]: row["now"] for row in room.as_seen_by(ANN).rows("flow", only_tenant="south")}
    assert of_south["Pending"] == 1


def test_an_entry_leaves_soon_within_three_days_of_the_end_of_the_day():
    """At exactly 30 days it is gone, as in the list."""
    room = told()
    for pause, today in ((25, 0), (1, 1), (1, 2)):
        room.advance(timedelta(days=pause))
        soon = room.as_seen_by(ANN_SOUTH).frame("by_day", days=4)
        assert soon["leaving_soon"].iloc[-1] == today
        listed = room.as_seen_by(ANN_SOUTH).rows("approved_access")
        leaves = sorted(row["leaves_at"] for row in listed if row["leaves_at"])
        for day, count in zip(soon["day"], soon["leaving_soon"], strict=True):
            end = min(day + timedelta(days=1), room.now)
            assert count == sum(end < at <= end + timedelta(days=3) for at in leaves)
    room.advance(timedelta(days=3))
    assert room.as_seen_by(ANN_SOUTH).frame("by_day", days=1)["leaving_soon"].tolist() == [0]


def test_the_load_and_the_longest_waits_cover_only_what_the_viewer_sees():
    """Kim has two open tickets and a pending request; South sees the grant, but not the request for West."""
    room = told()
    (kim,) = room.overview().rows("load")
    assert kim == {"engineer": "Kim Akers", "open_tickets": 2, "waiting": 1, "live": 1}
    (seen,) = room.as_seen_by(ANN_SOUTH).rows("load")
    assert seen == {"engineer": "Kim Akers", "open_tickets": 0, "waiting": 0, "live": 1}
    longest = {row["status"]: row["resource_tenant"] for row in room.overview().rows("longest")}
    assert longest == {"Pending": "west", "Approved": "south"}
    assert [row["status"] for row in room.as_seen_by(ANN).rows("longest")] == ["Pending"]
    assert [row["status"] for row in room.as_seen_by(ANN_SOUTH).rows("longest")] == ["Approved"]
    (of_west,) = room.overview().rows("load", only_tenant="west")
    assert of_west == {"engineer": "Kim Akers", "open_tickets": 0, "waiting": 1, "live": 0}
    of_north = room.overview().rows("load", only_tenant="north")
    assert [(row["open_tickets"], row["waiting"], row["live"]) for row in of_north] == [(2, 1, 1)]


def test_the_longest_began_first():
    """Checked for two pending and two live requests."""
    room = told()
    before = {row["status"]: row for row in room.overview().rows("longest")}
    third = room.do(OpenTicket("Fails 3", engineer="lee"), ANN).ticket_id or ""
    later = room.do(RequestAccess(third, "south", "Logs"), room.engineer("lee")).request_id or ""
    room.do(RequestAccess(third, "west", "Logs"), room.engineer("lee"))
    room.do(Approve(later), ANN_SOUTH)
    assert {row["status"]: row for row in room.overview().rows("longest")} == before
    assert [row["resource_tenant"] for row in room.overview().rows("longest", only_tenant="west")] == ["west"]


def test_the_timeline_of_a_case_counted_by_hand():
    """Every viewer's bars and marks of the first ticket are counted, and the filters."""
    room = told()

    def bars(view: Lens | Desk | Overview, **chosen: object) -> list[tuple[int, str, str]]:
        return bars_of(view, ticket_named(room, "Fails 1"), **chosen)

    rejected = [(1, "waiting", "02 09-03 09"), (1, "rejected", "03 09-03 09")]
    removed = [(2, "access", "03 21-04 21"), (2, "approved", "03 21-03 21"), (2, "revoked", "04 21-04 21")]
    opened, waited = (0, "open", "02 09-05 03"), (2, "waiting", "03 09-03 21")
    everything = [opened, *rejected, waited, *removed]
    assert bars(room.overview()) == bars(room.as_seen_by(room.engineer("kim"))) == everything
    assert bars(room.as_seen_by(ANN)) == [opened, *rejected]
    assert bars(room.as_seen_by(ANN_SOUTH)) == everything[1:]
    assert bars(room.as_seen_by(room.engineer("lee"))) == bars(room.overview(), only_tenant="west") == []
    assert bars(room.overview(), only_status="Revoked") == everything
    assert bars(room.overview(), only_engineer="lee") == bars(room.overview(), only_status="Completed") == []
    assert len({row["ticket_id"] for row in room.overview().rows("timeline", newest=1)}) == 1


def test_a_closed_support_request_ends_its_bar():
    """It ends its access, too."""
    room = told()
    ticket = ticket_named(room, "Fails 2")

    def bars() -> list[str]:
        return sorted(f"{what} {when}" for _, what, when in bars_of(room.overview(), ticket))

    granted = ["access 04 21-05 03", "approved 04 21-04 21", "waiting 04 21-04 21"]
    assert bars() == sorted(["open 02 09-05 03", *granted, "waiting 04 21-05 03"])
    room.advance(timedelta(hours=1))
    room.do(CloseTicket(ticket), ANN)
    room.advance(timedelta(days=1))
    completed = ["access 04 21-05 04", "approved 04 21-04 21", "completed 05 04-05 04", "waiting 04 21-04 21"]
    assert bars() == sorted(["open 02 09-05 04", *completed, "canceled 05 04-05 04", "waiting 04 21-05 04"])


def test_access_that_ended_with_its_ticket_was_live_before():
    """Earlier days show the same as they did then."""
    room = told()
    before = room.overview().frame("by_day", days=4)[["day", "live", "longest_live"]]
    room.advance(timedelta(days=1))
    room.do(CloseTicket(ticket_named(room, "Fails 2")), ANN)
    after = room.overview().frame("by_day", days=4)[["day", "live", "longest_live"]]
    assert after["live"].tolist() == [1, 1, 1, 0]
    assert after["longest_live"][:2].tolist() == before["longest_live"][1:3].tolist()


def test_a_case_without_a_request_is_on_the_timeline():
    """Cases are in the order in which they began, whatever happened later."""
    room = told()
    lee = room.do(OpenTicket("Fails 3", engineer="lee"), ANN).ticket_id or ""
    room.advance(timedelta(hours=1))
    choices: list[dict[str, object]] = [{}, {"only_tenant": "north"}, {"only_engineer": "lee"}, {"newest": 1}]
    for chosen in choices:
        assert bars_of(room.overview(), lee, **chosen) == [(0, "open", "05 03-05 04")], chosen
    assert {row["ticket_id"] for row in room.overview().rows("timeline", newest=1)} == {lee}
    later = room.do(RequestAccess(ticket_named(room, "Fails 1"), "west", "Logs"), room.engineer("kim"))
    places = {row["title"]: row["place"] for row in room.overview().rows("timeline")}
    assert places["Fails 3"] == 1 and {places["Fails 1"], places["Fails 2"]} == {2, 3}
    of_west = room.as_seen_by(Member("eve", "west"))
    assert later.request_id in {row["request_id"] for row in of_west.rows("timeline", newest=1)}


def test_of_requests_made_on_one_day_the_first_has_waited_longest():
    """The same holds across days, and access is live from the decision on."""
    room = Room.create(scenario=None, directory=DIRECTORY)
    kim = room.engineer("kim")
    ticket = room.do(OpenTicket("Fails", engineer="kim"), ANN).ticket_id or ""
    asked = []
    for tenant in ("south", "west"):
        asked.append(room.do(RequestAccess(ticket, tenant, "Logs"), kim).request_id or "")
        room.advance(timedelta(hours=3))
    other = room.do(OpenTicket("Fails, too", engineer="kim"), ANN).ticket_id or ""
    room.advance(timedelta(days=1))
    asked.append(room.do(RequestAccess(other, "south", "Logs"), kim).request_id or "")
    room.advance(timedelta(hours=1))
    assert room.overview().frame("by_day", days=1)["oldest_waiting"].tolist() == [31.0]
    room.do(Approve(asked[2]), ANN_SOUTH)
    room.advance(timedelta(hours=2))
    room.do(Approve(asked[0]), ANN_SOUTH)
    room.advance(timedelta(hours=1))
    assert room.overview().frame("by_day", days=1)["longest_live"].tolist() == [3.0]
    live = next(row for row in room.overview().rows("longest") if row["status"] == "Approved")
    assert (live["request_id"], room.now - live["since"]) == (asked[2], timedelta(hours=3))
    room.advance(timedelta(days=1))
    later = room.do(OpenTicket("Fails later", engineer="kim"), ANN).ticket_id or ""
    room.do(Approve(room.do(RequestAccess(later, "south", "Logs"), kim).request_id or ""), ANN_SOUTH)
    assert room.overview().frame("by_day", days=1)["longest_live"].tolist() == [27.0]


def test_of_grants_of_one_day_the_first_has_been_live_longest():
    """So it is for the trainer, whose figures aggregate requests of the same days."""
    room = Room.create(scenario=None, directory=DIRECTORY)
    for number in range(2):
        ticket = room.do(OpenTicket(f"Fails {number}", engineer="kim"), ANN).ticket_id or ""
        request = room.do(RequestAccess(ticket, "south", "Logs"), room.engineer("kim")).request_id or ""
        room.advance(timedelta(hours=1))
        room.do(Approve(request), ANN_SOUTH)
    room.advance(timedelta(hours=2))
    for view in (room.overview(), room.as_seen_by(ANN_SOUTH)):
        assert view.frame("by_day", days=1)["longest_live"].tolist() == [3.0]


def test_the_busiest_engineer_comes_first():
    """Open tickets count first, then live grants, then pending requests."""
    room = Room.create(scenario=None, directory=DIRECTORY)

    def load() -> list[tuple[str, int, int, int]]:
        rows = room.overview().rows("load")
        return [(row["engineer"].split()[0], row["open_tickets"], row["live"], row["waiting"]) for row in rows]

    tickets = {name: room.do(OpenTicket(name, engineer=name), ANN).ticket_id or "" for name in ("kim", "lee")}
    assert load() == [("Kim", 1, 0, 0), ("Lee", 1, 0, 0)]
    live = room.do(RequestAccess(tickets["lee"], "south", "Logs"), room.engineer("lee")).request_id or ""
    assert load() == [("Lee", 1, 0, 1), ("Kim", 1, 0, 0)]
    for tenant in ("south", "west"):
        room.do(RequestAccess(tickets["kim"], tenant, "Logs"), room.engineer("kim"))
    assert load() == [("Kim", 1, 0, 2), ("Lee", 1, 0, 1)]
    room.do(Approve(live), ANN_SOUTH)
    assert load() == [("Lee", 1, 1, 0), ("Kim", 1, 0, 2)]


def test_an_entry_that_leaves_in_exactly_three_days_leaves_soon():
    """A second earlier it does not count yet."""
    room = told()
    south = room.as_seen_by(ANN_SOUTH)
    first = min(row["leaves_at"] for row in south.rows("approved_access") if row["leaves_at"])
    room.advance(first - timedelta(days=3, seconds=1) - room.now)
    assert room.as_seen_by(ANN_SOUTH).frame("by_day", days=1)["leaving_soon"].tolist() == [0]
    room.advance(timedelta(seconds=1))
    assert room.as_seen_by(ANN_SOUTH).frame("by_day", days=1)["leaving_soon"].tolist() == [1]


def test_the_newest_entries_come_first_and_the_list_is_limited():
    """As many as requested are listed, and the rest are older."""
    room = told()
    lee = room.engineer("lee")
    third = room.do(OpenTicket("Fails 3", engineer="lee"), ANN).ticket_id or ""
    asked = room.do(RequestAccess(third, "south", "Logs"), lee).request_id or ""
    room.advance(timedelta(hours=1))
    everything = room.overview()
    newest = [row["request_id"] for row in everything.rows("newest_requests")]
    assert newest[0] == asked and len(newest) == 5
    assert [row["request_id"] for row in everything.rows("newest_requests", newest=2)] == newest[:2]
    times = [row["requested_at"] for row in everything.rows("newest_requests")]
    assert times == sorted(times, reverse=True)
    bars = everything.rows("timeline", newest=1)
    assert {(row["ticket_id"], row["kind"]) for row in bars} == {(third, "bar")}
    places = {row["ticket_id"]: row["place"] for row in everything.rows("timeline")}
    assert places[third] == 1 and sorted(places.values()) == [1, 2, 3]
    kinds = {(row["kind"], row["what"]) for row in everything.rows("timeline")}
    assert kinds == {
        *(("bar", what) for what in ("open", "waiting", "access")),
        *(("mark", what) for what in ("approved", "rejected", "revoked")),
    }
    assert {row["ticket_id"] for row in everything.rows("timeline", only_engineer="lee")} == {third}
    assert [(row["engineer"], row["open_tickets"], row["live"]) for row in everything.rows("load")] == [
        ("Kim Akers", 2, 1),
        ("Lee Oduya", 1, 0),
    ]


@pytest.mark.parametrize("name", OVER_TIME_NAMES)
def test_a_member_without_the_permission_reads_nothing(name: str):
    """There are only days and statuses with zero counts."""
    room = told()
    rows = room.as_seen_by(Member("nil", "north")).rows(name)
    assert not [row for row in rows if name not in ("by_day", "flow") or any(row.get(n) for n in ("waiting", "ever"))]


@pytest.mark.slow
@examples(max_examples=10)
@given(policy=POLICIES, acts=st.lists(ACTS | WAITS, min_size=4, max_size=14))
def test_each_day_agrees_with_the_lists_at_its_end(policy: Policy, acts: list[Act | timedelta]):
    """Under any visibility: pending and live requests, since when, and those about to leave the list."""
    room = Room.create(scenario=None, policy=policy, directory=DIRECTORY)
    plain = PlainRoom(policy, [Moved(START)])
    for act in acts:
        if isinstance(act, timedelta):
            room.advance(act)
            plain.advance(act)
        else:
            do_both(room, plain, *plain.chosen(act))
    lines = lines_of(room)
    for member in DIRECTORY.members():
        for row in room.as_seen_by(member).rows("by_day", days=4):
            end = min(datetime(row["day"].year, row["day"].month, row["day"].day) + timedelta(days=1), room.now)
            # What happens at midnight sharp is the next day's.
            last = sum(line.occurred_at < end or end == room.now for line in lines)
            if not last:
                assert not row["waiting"] and not row["live"]
                continue
            lens = room.as_seen_by(member, as_of=last)
            pending, approved = lens.rows("pending"), lens.rows("approved_access")
            live = [each for each in approved if each["status"] == "Approved"]
            assert (row["waiting"], row["live"]) == (len(pending), len(live))
            assert row["oldest_waiting"] == _hours(end, [each["requested_at"] for each in pending])
            assert row["longest_live"] == _hours(end, [each["decided_at"] for each in live])


def _hours(end: datetime, since: list[datetime]) -> float | None:
    return (end - min(since)) // timedelta(seconds=1) / 3600 if since else None


@pytest.mark.parametrize("name", ["removal-stays-private", "closing-completes-and-cancels", "expiry-and-lapse"])
def test_the_trainers_figures_agree_with_the_analysts(name: str):
    """These are statuses and live grants by day, which `figures.sql` defines for a whole room or run."""
    with Room.create(scenario=scenarios()[name]) as room:
        room.play()
        everything = room.overview()
        by_status = {row["status"]: row["requests"] for row in everything.rows("requests by status")}
        assert {row["status"]: row["now"] for row in everything.rows("flow") if row["now"]} == by_status
        live = {row["day"]: row["grants"] for row in everything.rows("live grants by day")}
        assert {row["day"]: row["live"] for row in everything.rows("by_day", days=len(live))} == live


def test_requests_of_the_same_days_may_leave_the_list_at_different_times():
    """They differ only in the hour of their rejection."""
    room = Room.create(scenario=None, directory=DIRECTORY)
    asked = []
    for title in ("Fails", "Fails, too"):
        ticket = room.do(OpenTicket(title, engineer="kim"), ANN).ticket_id or ""
        asked.append(room.do(RequestAccess(ticket, "south", "Logs"), room.engineer("kim")).request_id or "")
    for request in asked:
        room.do(Reject(request), ANN)
        room.advance(timedelta(hours=4))
    room.advance(timedelta(days=27) - timedelta(hours=6))
    assert room.overview().frame("by_day", days=1)["leaving_soon"].tolist() == [1]
    room.advance(timedelta(hours=4))
    assert room.overview().frame("by_day", days=1)["leaving_soon"].tolist() == [2]


@pytest.mark.parametrize("counted_from", HistoryFrom)
def test_aggregating_requests_of_the_same_days_changes_no_count(counted_from: HistoryFrom):
    """The trainer's query aggregates requests; here they are counted one by one."""
    policy = Policy(history_days=8, history_from=counted_from)
    with Room.create(scenario="busy-week", policy=policy) as room:
        requests, days = room.overview().rows("all_requests"), room.overview().rows("by_day", days=12)
        now = room.now
    assert any(day["leaving_soon"] for day in days) and any(day["decisions"] for day in days)
    for day in days:
        begin = datetime(day["day"].year, day["day"].month, day["day"].day)
        end = min(begin + timedelta(days=1), now)
        spells = [spell for row in requests for spell in _spells(row, policy)]
        # What happens at midnight sharp is the next day's.
        lasting = [
            (s, b, e) for s, b, e in spells if b < begin + timedelta(days=1) and (e is None or e.date() > begin.date())
        ]
        waiting, live = ([b for s, b, _ in lasting if s == status] for status in ("Pending", "Approved"))
        final = [e for s, _, e in lasting if s not in ("Pending", "Approved") and e]
        begun = [s for s, b, _ in spells if b.date() == begin.date()]
        assert (day["waiting"], day["live"]) == (len(waiting), len(live))
        assert (day["oldest_waiting"], day["longest_live"]) == (_hours(end, waiting), _hours(end, live))
        last = now + timedelta(days=3) if begin.date() == now.date() else None
        soon = begin.date() + timedelta(days=3)
        assert day["leaving_soon"] == sum(e <= last if last else e.date() <= soon for e in final)
        assert day["requests"] == begun.count("Pending")
        assert day["decisions"] == begun.count("Approved") + begun.count("Rejected")


def _spells(row: dict[str, Any], policy: Policy) -> list[tuple[str, datetime, datetime | None]]:
    """Yield when an access request entered and left each status."""
    status, changed, decided = row["status"], row["changed_at"], row["decided_at"]
    spells = [("Pending", row["requested_at"], None if status == "Pending" else decided or changed)]
    if status in ("Approved", "Revoked", "Completed"):
        spells.append(("Approved", decided, None if status == "Approved" else changed))
    if status not in ("Pending", "Approved"):
        since = row["requested_at"] if policy.history_from is HistoryFrom.CREATED else changed
        spells.append((status, changed, since + timedelta(days=policy.history_days)))
    return spells


def test_hidden_statuses_stay_hidden_in_the_flow():
    """A member's flow has only the statuses that the policy shows on either side."""
    only_pending = frozenset({(Status.PENDING, Side.SUPPORT), (Status.PENDING, Side.RESOURCE)})
    for policy, shown in ((Policy(visibility=only_pending), {"Pending"}), (Policy(), set(Status))):
        room = Room.create(scenario=None, policy=policy, directory=DIRECTORY)
        assert {row["status"] for row in room.as_seen_by(ANN).rows("flow")} == shown
