"""The cost of rooms: acts below the dashboard, starting a scenario, and reads in a small and a large room."""

import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from dashboard.background.rooms import DEFAULT, Rooms
from data import Room, scenarios
from data.lens.lens import View
from model import Approve, OpenTicket, RequestAccess, Revoke
from tests.bench.measuring import alternate, judge, ratio, show, timed
from tests.bench.room_sizes import room_of

REQUESTS = 1_000, 1_000_000
OVERVIEW = ("partners", "by_day", "flow", "longest", "load", "newest_requests")
TIMELINE = ("partners", "timeline")
"""The reads of the two pages; the trainer's choice of tenants comes from the room's directory, not its requests."""


def rules(folder: Path) -> None:
    """Measure an act below the dashboard, in a file and in memory."""
    rooms = [Room.create(":memory:", DEFAULT), Room.create(folder / "acts.duckdb", DEFAULT)]

    def act(room: Room) -> None:
        adele, sam = room.member("adele", "contoso"), room.engineer("sam")
        ticket = str(room.do(OpenTicket("Guests cannot sign in"), adele).ticket_id)
        request = str(room.do(RequestAccess(ticket, "fabrikam", "Sign-in logs"), sam).request_id)
        room.do(Approve(request), adele)
        room.do(Revoke(request), room.member("adele", "fabrikam"))

    print("\nOpen a ticket, request access, approve and remove it, by the room itself:")
    times = alternate([partial(act, room) for room in rooms], 20)
    show("  in memory", times[0])
    show("  in a file", times[1])
    judge("  in a file : in memory", ratio(times), None)
    for room in rooms:
        room.close()


def beginnings(folder: Path) -> None:
    """Measure starting each shipped scenario in a file, as the dashboard does, and the default room."""
    rooms = Rooms(folder / "starts")
    print("\nStarting a scenario, in a file:")
    for name in scenarios():
        times = [timed(partial(rooms.start, "a-room-that-begins", name)) for _ in range(3)]
        show(f"  {name}", times)
        judge(f"  {name}", statistics.median(times) / 1000, 3.0 if name == DEFAULT else 2.0, "s")
    rooms.make_ready()
    looks, acts = alternate([lambda: rooms.get(rooms.new_id()), lambda: rooms.to_act_in(rooms.new_id())], 5)
    show(f"  a look at a new link ({DEFAULT})", looks)
    show(f"  the first act in a new link ({DEFAULT})", acts)
    judge(f"  the first act in a new link ({DEFAULT})", statistics.median(acts) / 1000, 3.0, "s")
    rooms.close()


def growth(folder: Path) -> None:
    """Compare a small room with a large one: reads of a tenant with the same rows in both, and of the trainer."""
    rooms = []
    print()
    for size in REQUESTS:
        begin = time.perf_counter()
        rooms.append(room_of(size, folder / f"{size}.duckdb"))
        print(f"A room of {size:,} access requests was made in {time.perf_counter() - begin:.1f} s.")
    small = rooms[0]
    seen = small.overview().rows("all_requests")
    tenants = [row["resource_tenant"] for row in seen if small.directory.administrators(row["resource_tenant"])]
    administrators = small.directory.administrators(statistics.mode(tenants))
    member = next(m for m in administrators if small.directory.reads_audit_log(m.person, m.tenant))
    lenses = [room.as_seen_by(member) for room in rooms]
    rows = [(len(lens.pending()), len(lens.approved_access())) for lens in lenses]
    for size, (pending, approved) in zip(REQUESTS, rows, strict=True):
        print(f"Of {size:,}, one tenant sees {pending} pending and {approved} in Approved access.")
    everything = [room.overview() for room in rooms]
    for what, views, names, target, times in (
        ("Pending + Approved access", lenses, ("pending", "approved_access"), 3.0, 40),
        ("Support requests", lenses, ("tickets",), None, 40),
        ("Audit log", lenses, ("audit_log",), 3.0, 40),
        ("Overview of a member", lenses, OVERVIEW, 3.0, 40),
        ("Timeline of a member", lenses, TIMELINE, 3.0, 40),
        ("Overview of the trainer", everything, OVERVIEW[1:], 3.0, 10),
        ("Timeline of the trainer", everything, TIMELINE[1:], 3.0, 10),
    ):
        took = alternate([partial(read, view, names) for view in views], times)
        for size, found in zip(REQUESTS, took, strict=True):
            show(f"  {what}, of {size:,}", found)
        judge(f"  {what}, 1,000,000 : 1,000", ratio(took), target)
    for room in rooms:
        room.close()


def read(view: View, names: tuple[str, ...]) -> None:
    """Read the named lists of a view."""
    for name in names:
        view.rows(name)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        rules(Path(folder))
        beginnings(Path(folder))
        growth(Path(folder))
