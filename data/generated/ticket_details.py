"""Draw the details of tickets: tenants, who opens and closes them, engineer, title and severity.

The draws do not depend on what happens to a ticket: under every policy the same people open the same tickets.
"""

import numpy as np

from data.generated.columns import NONE, Ints
from data.generated.directory import GeneratedDirectory
from data.generated.problems import AT_HOME, ELSEWHERE
from data.generated.tenant_pairs import TenantPairs
from model import SEVERITIES
from model.simulation import Tickets

SHARE_CLOSED_BY_ENGINEER = 0.6  # the others are closed by an administrator of the tenant that opened them
STORY_SIZE = 2.0  # the relative size of a story's tenants; the others average 1


class TicketDetails:
    """Columns with a row for each ticket; tenants, people and engineers are places in the generated directory."""

    def __init__(self, tickets: Tickets, generated: GeneratedDirectory, pairs: TenantPairs, seed: int) -> None:
        many = len(tickets.opened)
        rng = np.random.default_rng([seed, *b"tickets"])
        self.owner, self.resource = _tenants(tickets, pairs, len(generated.story), rng)
        self.opener = pairs.administrators.pick(self.owner, rng.random(many))
        self.closer = pairs.administrators.pick(self.owner, rng.random(many))
        self.engineer_closes = rng.random(many) < SHARE_CLOSED_BY_ENGINEER
        self.engineer = rng.integers(max(len(generated.engineers), 1), size=many)
        self.severity = rng.integers(len(SEVERITIES), size=many)
        titles = rng.random(many)
        at_home, elsewhere = titles * len(AT_HOME), len(AT_HOME) + titles * len(ELSEWHERE)
        self.title = np.where(tickets.elsewhere, elsewhere, at_home).astype(np.int64)


def _tenants(tickets: Tickets, pairs: TenantPairs, story: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Return each ticket's tenant, drawn by size, and the other tenant in which its problem lies, or NONE.

    Raises ValueError if the directory has no pair of tenants that fits a ticket.
    """
    many = len(tickets.opened)
    size = rng.lognormal(-0.18, 0.6, pairs.tenants)  # 1 on average
    size[:story] = STORY_SIZE
    share, other = rng.random(many), rng.random(many)
    owner, resource = np.zeros(many, np.int64), np.full(many, NONE, np.int64)
    for some, fit, what in (
        (~tickets.elsewhere, np.ones(pairs.tenants, np.bool_), "there is no tenant"),
        (tickets.elsewhere & tickets.common, pairs.partners > 0, "no two tenants share an administrator"),
        (tickets.elsewhere & ~tickets.common, pairs.strangers > 0, "any two tenants share an administrator"),
    ):
        places = np.flatnonzero(some)
        if len(places) and not fit.any():
            raise ValueError(f"there are tickets for which {what}: ask for more tenants")
        so_far = np.cumsum(np.where(fit, size, 0))
        owner[places] = np.searchsorted(so_far, share[places] * so_far[-1:], "right")
    for some, choose in ((tickets.common, pairs.partner), (~tickets.common, pairs.stranger)):
        places = np.flatnonzero(tickets.elsewhere & some)
        resource[places] = choose(owner[places], other[places])
    return owner, resource
