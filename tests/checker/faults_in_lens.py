"""Faults in the lens: in the SQL of `data/lens/lens.sql`, and around it."""

from typing import Any

import pytest

from dashboard.shell import watching
from data import Lens, Room
from data.lens import lens, sql
from model import Code, Command, Refused, Revoke
from tests.checker.catchers import a_lens_beside_the_rules, looking_back_and_winding_back
from tests.checker.catchers_of_leaks import two_rooms_one_with_a_removal, who_is_sent_to_look_again
from tests.checker.faults import Fault, Switch
from tests.privacy.leaks import in_sql, read_anew


def _sql(name: str, doc: str, query: str, old: str, new: str) -> Switch:
    """A switch that writes something else in a query."""

    def switch(patch: pytest.MonkeyPatch) -> None:
        in_sql(patch, query, old, new)

    switch.__name__, switch.__doc__ = name.replace(" ", "_"), doc
    return switch


SQL = tuple(
    _sql(*given)
    for given in (
        ("the lens asks for no permission", "Every member of a tenant sees its requests.", "seen", " AND k.may", ""),
        ("the lens forgets the side", "Both tenants see what one may see.", "visible", " AND v.side = r.side", ""),
        ("the lens forgets the tenant", "A tenant sees all requests.", "seen", "r.tenant = home AND ", ""),
        (
            "the history in SQL is a moment longer",
            "At 30 days sharp.",
            "visible",
            "clock) < leaves",
            "clock) <= leaves",
        ),
        (
            "a live grant leaves the list",
            "Unseen, and still live.",
            "visible",
            "r.status = 'Approved' OR ",
            "",
        ),
        ("pending requests are upside down", "The newest first.", "pending", "requested_at, r", "requested_at DESC, r"),
        ("tickets of all tenants are listed", "Whoever opened them.", "tickets", "t.tenant = $tenant\n  AND", ""),
        ("tickets need no permission", "Any member.", "tickets", " AND m.manages_support_access", ""),
        ("the audit log needs no role", "Any member.", "audit_log", " AND m.reads_audit_log", ""),
        ("the audit log forgets the side", "Removals on both.", "audit_log", " AND a.side = l.side", ""),
        (
            "the audit log names the first",
            "Ids.",
            "audit_log",
            'coalesce(m.name, "data.lens".somebody_else())',
            "l.person",
        ),
        ("a name is shown to who does not know it", "Ids.", "seen", "k.names[r.decided_by], ", "r.decided_by, "),
        ("a desk has everybody's tickets", "Of all engineers.", "desk_tickets", "= $engineer", "<= 'z' || $engineer"),
        ("a desk has everybody's requests", "Of all engineers.", "desk_requests", "= $engineer", "<= 'z' || $engineer"),
        ("a desk tells what others read", "Of all engineers.", "desk_reads", "= $engineer", "<= 'z' || $engineer"),
        (
            "leaving is counted from the request",
            "Too early.",
            "visible",
            "r.requested_at, r.changed_at)",
            "r.requested_at, r.requested_at)",
        ),
    )
)
_CHANNEL_OF = {
    "the_audit_log_forgets_the_side": "audit log",
    "a_name_is_shown_to_who_does_not_know_it": "names of people",
}


def details_are_read_past_the_gate(patch: pytest.MonkeyPatch) -> None:
    """That access was removed: the details of a request are shown to whoever has its id."""
    past = "(SELECT *, NULL AS listed_in FROM requests)"
    in_sql(patch, "request", 'FROM "data.lens".seen($person, $tenant)', f"FROM {past}")


def rows_are_counted_before_they_are_hidden(patch: pytest.MonkeyPatch) -> None:
    """How many requests there are that are not shown, and whether they are live."""
    live = "(SELECT count(*) FROM requests AS x WHERE x.tenant = $tenant AND x.status = 'Approved') AS hidden"
    in_sql(patch, "tickets", "t.closed_at\nFROM", f"t.closed_at, {live}\nFROM")


def looking_back_shows_what_came_later(patch: pytest.MonkeyPatch) -> None:
    """What happened since: an earlier moment is shown as the room is now."""
    made = sql.statement
    patch.setattr(lens, "statement", lambda name, earlier: made(name, False))


def looking_back_shows_the_whole_log(patch: pytest.MonkeyPatch) -> None:
    """What the audit log says of later moments."""
    patch.setattr(sql, "OF_A_MOMENT", tuple(table for table in sql.OF_A_MOMENT if table != "audit_entries"))
    read_anew(patch)


def a_missing_permission_is_not_said(patch: pytest.MonkeyPatch) -> None:
    """Empty lists look as if there were nothing."""
    patch.setattr(Lens, "refusal", None)


def a_page_moves_when_anything_happens(patch: pytest.MonkeyPatch) -> None:
    """That somebody did something just now: the page draws itself again."""
    patch.setattr(watching, "fingerprint", lambda here, whole, as_of=None: as_of or here.room.seq)


def a_page_waits_for_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    """That access is still on: the page is due again when the hidden grant lapses."""

    def due(self: Lens) -> Any:
        lists = (Lens(self._cursor, member, self._directory) for member in self._directory.members())
        return lens.next_due(row for each in lists for row in each.rows("listed"))

    patch.setattr(Lens, "next_due", due)


def a_greyed_button_knows_more_than_a_press(patch: pytest.MonkeyPatch) -> None:
    """That a hidden request is there, and not live any more: its button says so."""
    would = Room.would_be_refused

    def refused(self: Room, command: Command, actor: Any) -> Refused | None:
        if isinstance(command, Revoke):
            for row in self.overview().rows("all_requests"):
                if row["request_id"] == command.request_id and row["status"] != "Approved":
                    return Refused(Code.WRONG_STATUS, f"The access request is {row['status']}.")
        return would(self, command, actor)

    patch.setattr(Room, "would_be_refused", refused)


IN_LENS = (
    *(Fault(switch, a_lens_beside_the_rules, _CHANNEL_OF.get(switch.__name__, "")) for switch in SQL),
    Fault(details_are_read_past_the_gate, a_lens_beside_the_rules, "a list's rows"),
    Fault(rows_are_counted_before_they_are_hidden, two_rooms_one_with_a_removal, "counts"),
    Fault(looking_back_shows_what_came_later, looking_back_and_winding_back, "looking back"),
    Fault(looking_back_shows_the_whole_log, looking_back_and_winding_back, "looking back"),
    Fault(a_missing_permission_is_not_said, a_lens_beside_the_rules),
    Fault(a_page_moves_when_anything_happens, who_is_sent_to_look_again, "refresh of a page"),
    Fault(a_page_waits_for_what_is_hidden, two_rooms_one_with_a_removal, "next refresh"),
    Fault(a_greyed_button_knows_more_than_a_press, a_lens_beside_the_rules, "whether a button works"),
)
