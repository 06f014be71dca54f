"""Random histories for the property tests. Most acts are plausible, and most actors are allowed to act."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st

from model import Actor, Approve, Command, FallDue, OpenTicket, Refused, Reject, RequestAccess, Revoke
from model.commands import CloseTicket
from tests.model import world
from tests.model.world import World

Act = tuple[Command, Actor | None] | timedelta
"""A command and its actor, or a time that passes."""

TICKETS = st.sampled_from(("t1", "t1", "t2", "t3"))
REQUESTS = st.sampled_from(("r1", "r1", "r2", "r3", "r4"))
DECIDERS = st.sampled_from((world.ADELE, world.ADELE_IN_FABRIKAM, world.CARLA, world.FELIX, world.ADELE_IN_TAILSPIN))
CLOSERS = st.sampled_from((world.CARLA, world.ADELE, world.FELIX, world.SAM))

ACTS: st.SearchStrategy[Act] = st.one_of(
    st.tuples(st.just(OpenTicket("More", engineer="sam")), DECIDERS),
    st.tuples(
        st.builds(RequestAccess, TICKETS, st.sampled_from(("fabrikam", "tailspin", "contoso"))), st.just(world.SAM)
    ),
    st.tuples(st.builds(Approve, REQUESTS), DECIDERS),
    st.tuples(st.builds(Reject, REQUESTS), DECIDERS),
    st.tuples(st.builds(Revoke, REQUESTS), DECIDERS),
    st.tuples(st.builds(CloseTicket, TICKETS), CLOSERS),
    st.tuples(st.builds(FallDue, REQUESTS), st.none()),
    st.sampled_from([timedelta(hours=1), timedelta(hours=8), timedelta(days=4), timedelta(days=30)]),
)
HISTORIES = st.lists(ACTS, max_size=15)


def act(here: World, what: Act) -> None:
    """Carry out the act; do nothing if it is refused."""
    if isinstance(what, timedelta):
        here.wait(what)
        return
    with suppress(Refused):
        here.do(*what)
