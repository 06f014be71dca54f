"""The cases of a room, for programs that act in it."""

from data import Room
from data.room.cases import cases_changed_after, open_cases
from data.store import log
from model import CloseTicket, OpenTicket


def test_the_open_cases_are_those_that_the_room_loads_one_by_one():
    room = Room.create(scenario="busy-week")
    found = open_cases(room)
    tickets = room.overview().tickets().query("status == 'Open'")["ticket_id"]
    assert [case.ticket_id for case in found] == sorted(tickets)
    assert any(case.requests for case in found)
    with room._cursor() as cursor:
        assert found == [log.load_case(cursor, case.ticket_id)[0] for case in found]


def test_a_case_changed_after_a_line_is_listed_once():
    room = Room.create(scenario="sandbox")
    ben = room.member("ben", "contoso")
    first, second = (room.do(OpenTicket("A problem"), ben).ticket_id for _ in range(2))
    line = room.seq
    room.do(CloseTicket(second), ben)
    room.do(OpenTicket("Another"), ben)
    changed = cases_changed_after(room, line)
    assert len(changed) == 2
    assert first not in {case.ticket_id for case in changed}
    assert [case.closed_at for case in changed if case.ticket_id == second] == [room.now]
