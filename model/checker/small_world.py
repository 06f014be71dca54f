"""The small world in which `model.checker` tries a policy: its tenants, its people, and the bounds of the search."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from model.directory import Actor, Directory, Engineer, Member

SUPPORT, RESOURCE, OTHER_RESOURCE, OUTSIDER = TENANTS = ("contoso", "fabrikam", "northwind", "tailspin")
"""The support request tenant, two resource tenants, and an uninvolved one."""
RESOURCES = (RESOURCE, OTHER_RESOURCE)
NOW = datetime(2026, 3, 2, 9)
SECOND, TICK = timedelta(seconds=1), timedelta(hours=1)
_PEOPLE = {  # by the tenants that they administer: every combination
    (): "nils",
    (SUPPORT,): "carla",
    (RESOURCE,): "felix",
    (OTHER_RESOURCE,): "nora",
    (OUTSIDER,): "tess",
    (SUPPORT, RESOURCE): "adele",
    (SUPPORT, OTHER_RESOURCE): "astrid",
    (RESOURCE, OTHER_RESOURCE): "rosa",
    (SUPPORT, OUTSIDER): "cato",
    (RESOURCE, OUTSIDER): "fritz",
    (OTHER_RESOURCE, OUTSIDER): "noor",
    (SUPPORT, RESOURCE, OTHER_RESOURCE): "sara",
    (SUPPORT, RESOURCE, OUTSIDER): "omar",
    (SUPPORT, OTHER_RESOURCE, OUTSIDER): "sven",
    (RESOURCE, OTHER_RESOURCE, OUTSIDER): "rune",
    TENANTS: "amal",
}
AUDITOR = "sol"
"""Reads the audit log of every tenant, and administers none."""
_NAMES = {
    "nils": "Nils Berg",
    "carla": "Carla Diaz",
    "felix": "Felix Okoro",
    "nora": "Nora Lind",
    "tess": "Tess Marin",
    "adele": "Adele Vance",
    "astrid": "Astrid Holm",
    "rosa": "Rosa Pinto",
    "cato": "Cato Silva",
    "fritz": "Fritz Aydin",
    "noor": "Noor Bakker",
    "sara": "Sara Novak",
    "omar": "Omar Nasser",
    "sven": "Sven Dahl",
    "rune": "Rune Vik",
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
"""Everybody is a member of every tenant, so no name is hidden."""
ENGINEER, ANOTHER_ENGINEER = Engineer("sam"), Engineer("kim")
"""The engineer who is assigned to the ticket, and an uninvolved one."""
FEW = ("carla", "felix", "nora", "adele", "astrid")
"""Administrators of one tenant, and of the support request tenant and one resource tenant."""
MEMBERS = tuple(Member(person, tenant) for person in _PEOPLE.values() for tenant in TENANTS)
"""Members who administer fewer tenants come first, and stand for those who can do the same."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is explored. Raises ValueError."""

    tickets: int = 2  # cases are independent, so pairs of them are counted, not explored
    requests: int = 3  # on all tickets together
    ticks: int = 1  # extra hours that pass without reaching a limit
    everybody: bool = True  # False: only FEW
    around: bool = True  # time stops just before, at and just after each limit; False: only at it
    resource_tenants: int = 2  # for which the engineer may ask

    def __post_init__(self) -> None:
        for what, least, most in (("tickets", 1, 2), ("requests", 1, 4), ("resource_tenants", 1, 2), ("ticks", 0, 4)):
            if type(getattr(self, what)) is not int or not least <= getattr(self, what) <= most:
                raise ValueError(f"{what} must be from {least} to {most}, not {getattr(self, what)!r}")

    def __str__(self) -> str:
        """Return the bounds in words."""
        tickets = "one ticket" if self.tickets == 1 else f"up to {self.tickets} tickets"
        requests = f"up to {self.requests} access request{'s' * (self.requests > 1)}"
        asked = "one resource tenant" if self.resource_tenants == 1 else "two resource tenants"
        people = "every combination of permissions" if self.everybody else "permission in one or in two of the tenants"
        around = "just before, at and just after" if self.around else "to"
        besides = f", and {'an hour' if self.ticks == 1 else f'{self.ticks} hours'} besides" if self.ticks else ""
        return (
            f"{tickets}, {requests}, a support request tenant, {asked} and an outsider, members with {people}, "
            f"and one engineer; time in the steps that matter: {around} each limit{besides}"
        )


def in_both(actor: object) -> bool:
    """Return whether the actor administers the support request tenant and a resource tenant."""
    if not isinstance(actor, Member):
        return False
    administers = [DIRECTORY.administers(actor.person, tenant) for tenant in (SUPPORT, *RESOURCES)]
    return administers[0] and any(administers[1:])


def is_uninvolved(actor: Actor | None) -> bool:
    """Return whether the actor is a member of an uninvolved tenant, or without the permission in their own."""
    if not isinstance(actor, Member):
        return False
    return actor.tenant == OUTSIDER or not DIRECTORY.administers(actor.person, actor.tenant)
