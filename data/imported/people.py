"""The directory of an imported room, with placeholders for the people whom the file does not name."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from data.files.shown import on_one_line
from data.generated.directory import Names
from data.generated.ids import slug
from model import Directory
from model.texts import looks_like

ADMINISTRATOR = frozenset({"Service Support Administrator"})
EVERYTHING = frozenset({"Global Administrator"})
_LONGEST_NAME = 80
_LONGEST_ID = 40

Named = dict[str, tuple[str, str]]  # text in the file -> id and name


class NewNames:
    """Assign unique ids and names. With `generated` all names are Faker's, the same for the same text."""

    def __init__(self, seed: int, *, generated: bool) -> None:
        self._ids: set[str] = set()
        self._names: set[str] = set()
        self._generated = Names(f"{abs(seed)} imported") if generated else None

    def tenants(self, texts: Iterable[str]) -> Named:
        """Return an id and a name for each tenant; texts that look alike are one."""
        return self._named(texts, "tenant", lambda names: names.company())

    def people(self, texts: Iterable[str]) -> Named:
        """Return an id and a name for each person."""
        return self._named(texts, "person", lambda names: names.person())

    def _named(self, texts: Iterable[str], kind: str, draw: Callable[[Names], tuple[str, str]]) -> Named:
        alike: dict[str, tuple[str, str]] = {}
        found: Named = {}
        for text in sorted(texts):
            key = looks_like(text) or text
            if key not in alike:
                shown = " ".join(on_one_line(text, _LONGEST_NAME).split())
                alike[key] = self._new(*draw(self._generated)) if self._generated else self.new(shown, kind)
            found[text] = alike[key]
        return found

    def new(self, name: str, kind: str) -> tuple[str, str]:
        """Return an id derived from a name, and the name; both are changed if taken."""
        try:
            made = slug(name)[:_LONGEST_ID].strip("-")
        except ValueError:
            made = kind
        return self._new(made, name)

    def _new(self, made: str, name: str) -> tuple[str, str]:
        number = 1
        id_, shown = made, name
        while id_ in self._ids or looks_like(shown) in self._names:
            number += 1
            id_, shown = (
                f"{made[: _LONGEST_ID - 8]}-{number}",
                name if looks_like(name) not in self._names else f"{name} ({number})",
            )
        self._ids.add(id_)
        self._names.add(looks_like(shown))
        return id_, shown


@dataclass(frozen=True, slots=True)
class Together:
    """The tenants and people that occur together in a row; None where the row does not say."""

    tenant: str
    resource_tenant: str | None
    opened_by: str | None
    decided_by: str | None
    removed_by: str | None


def directory_of(
    rows: Iterable[Together],
    tenants: Mapping[str, str],
    people: Mapping[str, str],
    engineers: Mapping[str, str],
    names: NewNames,
) -> tuple[Directory, dict[str, str]]:
    """Return the directory, and for each tenant the placeholder for people whom the file does not name.

    People administer the tenants in which they acted; people who never acted are left out. All names are by id.
    """
    held: dict[tuple[str, str], frozenset[str]] = {}
    stand_ins: dict[str, str] = {}
    added: dict[str, str] = {}

    def stand_in(tenant: str) -> str:
        if tenant not in stand_ins:
            person, name = names.new(f"Somebody at {tenants[tenant]}", "person")
            stand_ins[tenant], added[person] = person, name
            held[person, tenant] = EVERYTHING
        return stand_ins[tenant]

    for row in rows:
        here, there = row.tenant, row.resource_tenant
        acted = [(row.opened_by, here), (row.decided_by, here), (row.decided_by, there), (row.removed_by, there)]
        for person, tenant in [(stand_in(here), there), *acted]:
            if person and tenant:
                held.setdefault((person, tenant), ADMINISTRATOR)
        if there:
            stand_in(there)
    known = {**people, **added}
    return Directory(
        {tenant: tenants[tenant] for tenant in sorted({tenant for _, tenant in held})},
        {person: known[person] for person in sorted({person for person, _ in held})},
        engineers,
        held,
    ), stand_ins
