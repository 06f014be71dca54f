"""Who is who: tenants, people, the roles that people hold in tenants, and the vendor's support engineers.

The built-in roles, with the two properties that matter here, are in `roles.csv` (135 roles, mid 2026).
"""

import csv
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from importlib import resources

PERMISSION = "microsoft.azure.supportTickets/allEntities/allTasks"
"""The permission "to view, approve, and reject Microsoft Support access requests"."""


@dataclass(frozen=True, slots=True)
class Role:
    """A built-in role of a directory."""

    name: str
    manages_support_access: bool  # holds PERMISSION
    reads_audit_log: bool


def _built_in_roles() -> dict[str, Role]:
    rows = csv.DictReader(resources.files("model").joinpath("roles.csv").read_text(encoding="utf-8").splitlines())
    return {
        row["role"]: Role(row["role"], row["manages_support_access"] == "yes", row["reads_audit_log"] == "yes")
        for row in rows
    }


ROLES: Mapping[str, Role] = _built_in_roles()


@dataclass(frozen=True, slots=True, order=True)
class Member:
    """A person signed in to one tenant, by their ids."""

    person: str
    tenant: str


@dataclass(frozen=True, slots=True, order=True)
class Engineer:
    """A support engineer of the vendor, by id."""

    id: str


Actor = Member | Engineer


@dataclass(frozen=True, slots=True)
class Directory:
    """All tenants, people and engineers of a room, by id, and who holds which roles where.

    `roles` has an entry for each member, even for one without a role. Raises ValueError if it names an unknown person,
    tenant or role.
    """

    tenants: Mapping[str, str] = field(default_factory=dict)  # id -> name
    people: Mapping[str, str] = field(default_factory=dict)
    engineers: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)  # (person, tenant) -> names of roles
    _administer: frozenset[tuple[str, str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for (person, tenant), held in self.roles.items():
            for what, name, known in (("person", person, self.people), ("tenant", tenant, self.tenants)):
                if name not in known:
                    raise ValueError(f"unknown {what} {name!r} in the roles")
            for role in held:
                if role not in ROLES:
                    raise ValueError(f"unknown role {role!r}, held by {person!r} in {tenant!r}")
        administer = (
            pair for pair, held in self.roles.items() if any(ROLES[role].manages_support_access for role in held)
        )
        object.__setattr__(self, "_administer", frozenset(administer))

    @classmethod
    def small(
        cls,
        tenants: Mapping[str, str],
        people: Mapping[str, tuple[str, Collection[str]]],
        engineers: Mapping[str, str],
        *,
        known_everywhere: bool = False,
    ) -> "Directory":
        """Build a directory from its people's names, each with the tenants that the person administers.

        With `known_everywhere` every person is a member of every tenant; without it, only of those.
        """
        administrator, nothing = frozenset({"Service Support Administrator"}), frozenset[str]()
        return cls(
            tenants=tenants,
            people={person: name for person, (name, _) in people.items()},
            engineers=engineers,
            roles={
                (person, tenant): administrator if tenant in administered else nothing
                for person, (_, administered) in people.items()
                for tenant in (tenants if known_everywhere else administered)
            },
        )

    def knows(self, person: str, tenant: str) -> bool:
        """Return whether the person is a member of the tenant, with or without a role."""
        return (person, tenant) in self.roles

    def administers(self, person: str, tenant: str) -> bool:
        """Return whether the person holds, in the tenant, a role with PERMISSION."""
        return (person, tenant) in self._administer

    def reads_audit_log(self, person: str, tenant: str) -> bool:
        """Return whether the person holds, in the tenant, a role that may read the audit log."""
        return any(ROLES[role].reads_audit_log for role in self.roles.get((person, tenant), ()))

    def administrators(self, tenant: str) -> list[Member]:
        """Return the members who administer the tenant, ordered by id."""
        return sorted(Member(p, t) for p, t in self.roles if t == tenant and self.administers(p, t))

    def audit_log_readers(self, tenant: str) -> list[Member]:
        """Return the members who may read the tenant's audit log, ordered by id."""
        return sorted(Member(p, t) for p, t in self.roles if t == tenant and self.reads_audit_log(p, t))

    def members(self) -> list[Member]:
        """Return every person in every tenant of which they are a member, ordered by id."""
        return sorted(Member(p, t) for p, t in self.roles)
