"""Generate tenants, people and engineers besides those of a story. A name that belongs to somebody does so by chance.

Tenants are related as customers are: groups of companies, and clients of a consultancy, share administrators. No
generated person belongs to two tenants of the story: their relation is left to the story.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

import numpy as np
from faker import Faker

from data.generated.ids import slug
from model import Directory

LOCALES = ("en_US", "en_GB", "en_IN", "en_NG", "de_DE", "fr_FR", "es_ES", "it_IT", "sv_SE", "pl_PL", "pt_BR", "nl_NL")
LISTS_REAL_COMPANIES = "nl_NL"  # so this locale is not used for companies

Roles = tuple[str, ...]
ADMINISTRATORS: tuple[Roles, ...] = (  # each set includes the permission
    ("Global Administrator",),
    ("Service Support Administrator",),
    ("Service Support Administrator", "Reports Reader"),
    ("Security Administrator",),
    ("Helpdesk Administrator",),
    ("User Administrator", "Groups Administrator"),
)
OTHERS: tuple[Roles, ...] = (  # none of these does
    ("Security Reader",),
    ("Reports Reader",),
    ("Conditional Access Administrator",),
    ("License Administrator",),
    (),
)


@dataclass(frozen=True, slots=True)
class GeneratedDirectory:
    """The whole directory of a room, and who in it may act in generated traffic: nobody from the story."""

    directory: Directory
    story: list[str]  # the story's tenants, which come first in the directory
    administrators: dict[str, list[str]]  # tenant -> people who administer it
    engineers: list[str]


def generated_directory(directory: Directory, tenants: int, engineers: int, seed: int) -> GeneratedDirectory:
    """Return the story's directory with so many tenants and engineers added, and with people in every tenant.

    Raises ValueError if the seed is negative.
    """
    rng = np.random.default_rng([seed, *b"society"])
    known = (directory.tenants, directory.people, directory.engineers)
    names = Names(f"{seed} society", (text for named in known for pair in named.items() for text in pair))
    made = dict(names.company() for _ in range(tenants))
    people: dict[str, str] = {}
    roles: dict[tuple[str, str], frozenset[str]] = {}

    def join(where: dict[str, Roles]) -> None:
        person, people[person] = names.person()
        roles.update({(person, tenant): frozenset(held) for tenant, held in where.items()})

    def some(kinds: tuple[Roles, ...]) -> Roles:
        return kinds[rng.integers(len(kinds))]

    for tenant in (*directory.tenants, *made):
        for kinds in (ADMINISTRATORS, OTHERS):
            for _ in range(rng.integers(1, 4)):
                join({tenant: some(kinds)})
    for circle in _circles(list(directory.tenants), list(made), rng):
        for _ in range(rng.integers(1, 3)):
            join({tenant: some(ADMINISTRATORS) for tenant in circle})
        join({tenant: some(OTHERS if n else ADMINISTRATORS) for n, tenant in enumerate(circle)})
    staff = dict(names.person() for _ in range(engineers))
    whole = Directory(
        {**directory.tenants, **made},
        {**directory.people, **people},
        {**directory.engineers, **staff},
        {**directory.roles, **roles},
    )
    administrators: dict[str, list[str]] = {tenant: [] for tenant in whole.tenants}
    for person, tenant in roles:
        if whole.administers(person, tenant):
            administrators[tenant].append(person)
    return GeneratedDirectory(whole, list(directory.tenants), administrators, list(staff))


def _circles(story: list[str], made: list[str], rng: np.random.Generator) -> list[list[str]]:
    """Return groups of tenants that share people, with at most one tenant of the story in each.

    They are companies of one group, clients of a consultancy, or partners of a tenant of the story.
    """
    if not made:
        return []

    def sample(size: int) -> list[str]:
        return [made[n] for n in rng.choice(len(made), min(size, len(made)), replace=False)]

    groups = [[made[n] for n in group] for group in np.array_split(rng.permutation(len(made)), max(1, len(made) // 3))]
    consultancies = [sample(5) for _ in range(len(made) // 6)]
    return [*groups, *consultancies, *([tenant, *sample(3)] for tenant in story)]


class Names:
    """Draw names from Faker and derive ids from them: the same for the same seed, unique, and none that is taken."""

    def __init__(self, seed: str, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._rng = np.random.default_rng(list(seed.encode()))
        self._fakers = {
            locale: Faker(locale, ["faker.providers.person", "faker.providers.company"], use_weighting=False)
            for locale in LOCALES
        }
        for locale, faker in self._fakers.items():
            faker.seed_instance(f"{seed} {locale}")

    def company(self) -> tuple[str, str]:
        """Return the id and the name of a new company."""
        return self._new(lambda faker: faker.company(), [name for name in LOCALES if name != LISTS_REAL_COMPANIES])

    def person(self) -> tuple[str, str]:
        """Return the id and the name of a new person."""
        if self._rng.integers(2):
            return self._new(lambda faker: f"{faker.first_name_female()} {faker.last_name_female()}", LOCALES)
        return self._new(lambda faker: f"{faker.first_name_male()} {faker.last_name_male()}", LOCALES)

    def _new(self, draw: Callable[[Faker], str], locales: Collection[str]) -> tuple[str, str]:
        fakers = [self._fakers[locale] for locale in locales]
        while True:
            name = draw(fakers[self._rng.integers(len(fakers))])
            made = slug(name)
            # A single word is more likely a real name; and ids are no longer than in scenario files.
            if "-" in made and len(made) <= 40 and self._taken.isdisjoint({made, name}):
                self._taken.update((made, name))
                return made, name
