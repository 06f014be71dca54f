"""What views say of themselves, and that the trainer's statuses are those of the tenants' own lenses."""

import pytest

from data import Room, scenarios
from tests.worlds import DIRECTORY

SIDES = ("support_request_tenant", "resource_tenant")


@pytest.mark.slow
@pytest.mark.parametrize("name", scenarios())
def test_statuses_seen_are_what_each_tenants_administrators_find(name: str):
    """Of every access request on either side, at a story's end and halfway."""
    with Room.create(scenario=name) as room:
        room.play()
        for line in (None, (1 + room.seq) // 2):
            everything = room.overview(as_of=line)
            requests = everything.rows("all_requests")[:20]
            found = {row["ticket_id"]: everything.statuses_seen(row["ticket_id"]) for row in requests}
            expected: dict[str, dict[str, dict[str, str]]] = {ticket: {} for ticket in found}
            for row in everything.rows("all_requests"):
                for tenant in {row[side] for side in SIDES if row["ticket_id"] in found}:
                    for member in room.directory.administrators(tenant)[:1]:
                        status = room.as_seen_by(member, line).statuses().get(row["request_id"])
                        if status:
                            expected[row["ticket_id"]].setdefault(tenant, {})[row["request_id"]] = status
            assert found == expected


def test_a_view_tells_where_to_go_on():
    """A lens names who looks, in which tenant and at which moment."""
    with Room.create() as room:
        lens = room.as_seen_by(room.member("adele", "contoso"))
        assert repr(lens) == (
            "<Lens: Adele Vance in Contoso: .pending() .approved_access() .tickets() .audit_log() .request(id)>"
        )
        earlier = room.as_seen_by(room.member("adele", "contoso"), as_of=1)
        assert repr(earlier).startswith("<Lens: Adele Vance in Contoso as of line 1: .pending()")
        assert repr(room.overview()) == "<Overview: .requests() .tickets() .metric(name)>"
        assert repr(room.as_seen_by(room.engineer("sam"))) == "<Desk of sam: .tickets() .requests() .reads()>"


def test_a_view_suggests_the_nearest_name():
    """And names all that it has."""
    with Room.create(scenario=None, directory=DIRECTORY) as room:
        with pytest.raises(KeyError, match=r"did you mean 'decided by hours'\? It has all_requests"):
            room.overview().metric("decided by hour")
        with pytest.raises(KeyError, match="Lens has no 'desk_reads'; it has clock"):
            room.as_seen_by(DIRECTORY.members()[0]).frame("desk_reads")
