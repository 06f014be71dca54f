"""Faults that a change might introduce, each injected for one test by monkeypatching, with what catches it.

A docstring says what goes wrong; for a side channel, what a member of the support request tenant would learn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from model import Policy
from model.checker.promise_names import PRIVACY
from model.checker.small_world import Bounds
from tests.checker.catchers import Catcher
from tests.checker.catchers_of_leaks import two_rooms_one_with_a_removal
from tests.privacy import leaks

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOURCE = Policy()
LIMITS = Policy(pending_expires_after=4 * DAY, grant_lasts=2 * DAY, history_days=1)
TINY = Bounds(tickets=1, requests=2, ticks=0, everybody=False, around=False)
WITH_AN_HOUR = Bounds(tickets=1, requests=2, ticks=1, everybody=False, around=False)

Switch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Fault:
    """A fault, what must catch it, and the side channel that it opens, if any.

    `by`: the name of a promise of the checker, which then looks at `policy` within `bounds`; or a direct comparison.
    """

    switch: Switch
    by: str | Catcher
    channel: str = ""
    policy: Policy = SOURCE
    bounds: Bounds = TINY

    def __str__(self) -> str:
        return self.switch.__name__.replace("_", " ")


CHANNELS = (
    *("code of a refusal", "text of a refusal", "asking again", "answer to closing", "ids", "counts", "order"),
    *("last-changed stamps", "time of disappearance", "audit log", "refresh of a page", "next refresh", "leaves_at"),
    *("a list's rows", "looking back", "names of people", "changed-meanwhile", "whether a button works"),
    *("engineer's answers", "the clock", "ticket's own fields", "notes"),
)
"""All channels through which a member of the support request tenant could detect a removal."""

_CHANNEL_OF = {
    leaks.a_live_grant_is_visible: "a list's rows",
    leaks.asking_again_is_allowed_after_a_removal: "asking again",
    leaks.the_audit_log_has_the_removal: "audit log",
    leaks.not_found_has_a_second_sentence: "text of a refusal",
    leaks.a_removed_request_is_of_the_wrong_status: "code of a refusal",
    leaks.asking_is_refused_in_another_sentence: "engineer's answers",
    leaks.a_closed_ticket_counts_what_its_closing_ended: "answer to closing",
    leaks.tickets_are_in_the_order_of_their_last_change: "order",
    leaks.a_row_leaves_the_history_with_the_last_change_of_its_ticket: "time of disappearance",
    leaks.a_ticket_shows_its_last_change: "last-changed stamps",
    leaks.a_ticket_counts_its_live_grants: "counts",
    leaks.a_day_counts_grants_that_are_hidden: "counts",
    leaks.a_bar_shows_access_that_is_hidden: "a list's rows",
    leaks.the_next_refresh_is_due_when_the_hidden_grant_lapses: "next refresh",
    leaks.the_audit_log_is_numbered_through: "audit log",
    leaks.tickets_are_numbered_through: "ids",
    leaks.a_request_is_named_by_how_much_happened_to_its_ticket: "ids",
    leaks.closing_names_the_first_grant_that_it_ended: "answer to closing",
    leaks.removing_takes_a_second: "the clock",
}
_IN_TIME = (
    leaks.tickets_are_in_the_order_of_their_last_change,
    leaks.a_row_leaves_the_history_with_the_last_change_of_its_ticket,
)
KNOWN_LEAKS = tuple(
    Fault(leak, PRIVACY, _CHANNEL_OF[leak], LIMITS, WITH_AN_HOUR if leak in _IN_TIME else TINY)
    for leak in leaks.IN_THE_RULES
) + tuple(Fault(leak, two_rooms_one_with_a_removal, _CHANNEL_OF[leak]) for leak in leaks.IN_STORAGE)
"""The leaks of the privacy tests: here the checker, or one story in two rooms, must catch each."""
