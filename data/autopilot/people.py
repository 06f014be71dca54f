"""Who is simulated in a room: the members of some tenants, and the support engineers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from model import Approval, Directory, Engineer, Member, Policy, Side, Status
from model.simulation import By

_STORY_WEIGHT = 4.0
"""How much more often a tenant or engineer of the story is drawn than a generated one: the class plays these."""


@dataclass(frozen=True)
class People:
    """The people of a room, and which of them are simulated: those of `tenants`, and the engineers if `engineers`.

    The decisions of the people in `played` are left to their players, in every tenant. `story` is the directory of the
    room's story. Raises ValueError if a tenant is unknown, or nobody is simulated.
    """

    directory: Directory
    story: Directory
    policy: Policy
    tenants: Collection[str]
    engineers: bool
    played: Collection[str] = ()  # people, by id
    _administrators: dict[str, list[Member]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if unknown := [tenant for tenant in self.tenants if tenant not in self.directory.tenants]:
            raise ValueError(f"unknown tenant {unknown[0]!r}; the room has {', '.join(self.directory.tenants)}")
        if not self.tenants and not self.engineers:
            raise ValueError("nobody is simulated: name a tenant, or have the engineers simulated")
        found: dict[str, list[Member]] = {tenant: [] for tenant in self.directory.tenants}
        for person, tenant in sorted(self.directory.roles):
            if self.directory.administers(person, tenant):
                found[tenant].append(Member(person, tenant))
        object.__setattr__(self, "_administrators", found)

    def simulates(self, tenant: str) -> bool:
        """Return whether the members of the tenant are simulated."""
        return tenant in self.tenants

    def administrators(self, tenant: str) -> list[Member]:
        """Return the simulated administrators of a tenant, ordered by id."""
        return self._administrators[tenant] if self.simulates(tenant) else []

    def who_decide(self, tenant: str) -> list[Member]:
        """Return the simulated administrators of a tenant whom nobody plays, ordered by id."""
        return [member for member in self.administrators(tenant) if member.person not in self.played]

    @cached_property
    def openers(self) -> list[str]:
        """The tenants in which simulated people open support requests."""
        return [tenant for tenant in self.directory.tenants if self.administrators(tenant)]

    @cached_property
    def to_assign(self) -> list[str]:
        """The engineers who are assigned to new support requests: the story's, if the class plays them."""
        engineers = list(self.directory.engineers)
        return engineers if self.engineers else list(self.story.engineers) or engineers

    def weights(self, tenants_or_engineers: Sequence[str]) -> list[float]:
        """Return the weight with which each of these is drawn."""
        of_story = (self.story.tenants, self.story.engineers)
        return [_STORY_WEIGHT if any(one in known for known in of_story) else 1.0 for one in tenants_or_engineers]

    def share_an_administrator(self, tenant: str) -> tuple[list[str], list[str]]:
        """Return the other tenants: those that share an administrator with this one, and the rest."""
        persons = self._persons[tenant]
        near: list[str] = []
        far: list[str] = []
        for other in self.directory.tenants:
            if other != tenant:
                (near if persons & self._persons[other] else far).append(other)
        return near, far

    @cached_property
    def _persons(self) -> dict[str, set[str]]:
        return {tenant: {member.person for member in members} for tenant, members in self._administrators.items()}

    def deciders(self, support: str, resource: str) -> list[tuple[By, list[Member]]]:
        """Return who can give each of the decisions that a request needs, with the side that they decide for.

        Only simulated people who see a pending request count; a list may be empty.
        """
        sees = {Side.SUPPORT: support, Side.RESOURCE: resource}
        seen_in = [tenant for side, tenant in sees.items() if self.policy.sees(Status.PENDING, side)]
        match self.policy.approval:
            case Approval.BOTH:
                both = self._persons[support] & self._persons[resource]
                found = [m for tenant in seen_in for m in self.who_decide(tenant) if m.person in both]
                return [(By.SUPPORT, found)]
            case Approval.EACH:
                sides = [(By.SUPPORT, support), (By.RESOURCE, resource)]
            case Approval.RESOURCE:
                sides = [(By.RESOURCE, resource)]
        return [(by, self.who_decide(tenant) if tenant in seen_in else []) for by, tenant in sides]

    def simulated(self, engineer: str) -> Engineer | None:
        """Return the engineer as an actor, None if the engineers are not simulated."""
        return Engineer(engineer) if self.engineers else None
