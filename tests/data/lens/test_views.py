"""What views say of themselves."""

import pytest

from data import Room
from tests.worlds import DIRECTORY


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
