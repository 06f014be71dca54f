"""The small world that `model.checker` tries a policy in: its tenants, its people, and how much of it is explored."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from model.directory import Actor, Directory, Engineer, Member

SUPPORT, RESOURCE, OUTSIDER = TENANTS = ("contoso", "fabrikam", "tailspin")
"""The support request tenant, the resource tenant, and one that has no part in anything."""
NOW = datetime(2026, 3, 2, 9)
SECOND, TICK = timedelta(seconds=1), timedelta(hours=1)
_PEOPLE = {  # by the tenants that they administer: everything that there could be
    (): "nils",
    (SUPPORT,): "carla",
    (RESOURCE,): "felix",
    (OUTSIDER,): "tess",
    (SUPPORT, RESOURCE): "adele",
    (SUPPORT, OUTSIDER): "cato",
    (RESOURCE, OUTSIDER): "fritz",
    TENANTS: "amal",
}
AUDITOR = "sol"
"""Reads the audit log of every tenant, and administers none."""
_NAMES = {
    "nils": "Nils Berg",
    "carla": "Carla Diaz",
    "felix": "Felix Okoro",
    "tess": "Tess Marin",
    "adele": "Adele Vance",
    "cato": "Cato Silva",
    "fritz": "Fritz Aydin",
    "amal": "Amal Haddad",
    AUDITOR: "Sol Ferreira",
}
_ADMINISTRATORS = Directory.small(
    {tenant: tenant.title() for tenant in TENANTS},
    {person: (_NAMES[person], administered) for administered, person in _PEOPLE.items()},
    {"sam": "Sam Rivera", "kim": "Kim Akers"},
    known_everywhere=True,
)
DIRECTORY = replace(
    _ADMINISTRATORS,
    people=_NAMES,
    roles={**_ADMINISTRATORS.roles, **{(AUDITOR, tenant): frozenset({"Security Reader"}) for tenant in TENANTS}},
)
"""Everybody is known everywhere, so no name is hidden."""
ENGINEER, ANOTHER_ENGINEER = Engineer("sam"), Engineer("kim")
"""The one who is assigned to the ticket, and one who has no part in it."""
FEW = ("carla", "felix", "adele")
"""The people who matter to the two tenants and administer no other."""
MEMBERS = tuple(Member(person, tenant) for person in _PEOPLE.values() for tenant in TENANTS)
"""Members who administer fewer tenants come first, and stand for those who can do the same."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is explored. Raises ValueError."""

    tickets: int = 2  # cases are independent: pairs of them are counted, and not walked through
    requests: int = 3  # on all tickets together
    ticks: int = 1  # how often an hour passes that is not a step to a limit
    everybody: bool = True  # or else without those who administer the outsider, too
    around: bool = True  # time stands just before and just after each limit, or else only at it

    def __post_init__(self) -> None:
        for what, least, most in (("tickets", 1, 2), ("requests", 1, 4), ("ticks", 0, 4)):
            if type(getattr(self, what)) is not int or not least <= getattr(self, what) <= most:
                raise ValueError(f"{what} must be from {least} to {most}, not {getattr(self, what)!r}")

    def __str__(self) -> str:
        """Return the bounds in words."""
        tickets = "one ticket" if self.tickets == 1 else f"up to {self.tickets} tickets"
        people = "every combination of permissions" if self.everybody else "permission in either of the two or both"
        besides = f", and {'an hour' if self.ticks == 1 else f'{self.ticks} hours'} besides" if self.ticks else ""
        return (
            f"{tickets}, up to {self.requests} access request{'s' * (self.requests > 1)}, two tenants and an outsider, "
            f"members with {people}, and one engineer; time in the steps that matter: "
            f"{'just before, at and just after' if self.around else 'to'} each limit{besides}"
        )


def in_both(actor: object) -> bool:
    """Return whether the actor administers both the support request tenant and the resource tenant."""
    return isinstance(actor, Member) and all(DIRECTORY.administers(actor.person, t) for t in (SUPPORT, RESOURCE))


def is_uninvolved(actor: Actor | None) -> bool:
    """Return whether the actor is a member of an uninvolved tenant, or without the permission in their own."""
    if not isinstance(actor, Member):
        return False
    return actor.tenant == OUTSIDER or not DIRECTORY.administers(actor.person, actor.tenant)
