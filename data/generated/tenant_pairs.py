"""Which two tenants of a generated directory can be the two sides of an access request."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from data.generated.columns import Ints, Shares
from data.generated.directory import GeneratedDirectory
from model.simulation import Behaviour


def fitting(behaviour: Behaviour, generated: GeneratedDirectory) -> Behaviour:
    """Return the behaviour without the tickets that need a pair of tenants that the directory lacks."""
    pairs = TenantPairs(generated)
    if not pairs.partners.any() and not pairs.strangers.any():
        return replace(behaviour, share_elsewhere=0.0)
    if not pairs.partners.any():
        return replace(behaviour, share_with_common_administrator=0.0)
    if not pairs.strangers.any():
        return replace(behaviour, share_with_common_administrator=1.0)
    return behaviour


class _RaggedArray:
    """Lists of numbers, concatenated in one array; built from (number of the list, item) pairs."""

    def __init__(self, pairs: Sequence[tuple[int, int]], lists: int) -> None:
        of, self.items = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
        self.begins = np.searchsorted(of, np.arange(lists + 1))

    def pick(self, of: Ints, share: Shares) -> Ints:
        """Return one item of each of these lists, none of which is empty; a share from 0 to 1 says which."""
        found: Ints = self.items[self._place(of, share)]
        return found

    def pick_another(self, of: Ints, share: Shares, than: Ints) -> Ints:
        """Return the same as `pick`, but the next item of the list in place of the one in `than`.

        A list without other items gives that one.
        """
        first, place = self.begins[of], self._place(of, share)
        following = first + (place - first + 1) % (self.begins[of + 1] - first)
        found: Ints = np.where(self.items[place] == than, self.items[following], self.items[place])
        return found

    def _place(self, of: Ints, share: Shares) -> Ints:
        first = self.begins[of]
        found: Ints = first + (share * (self.begins[of + 1] - first)).astype(np.int64)
        return found


class TenantPairs:
    """The pairs of tenants that share an administrator (partners) and that share none (strangers), by their places.

    Two tenants of the story never make a pair: what happens between them is the story's.
    """

    def __init__(self, generated: GeneratedDirectory) -> None:
        self.tenants = many = len(generated.directory.tenants)
        place = {tenant: n for n, tenant in enumerate(generated.directory.tenants)}
        code = {person: n for n, person in enumerate(generated.directory.people)}
        story = range(len(generated.story))
        held = [(place[t], code[person]) for t, people in generated.administrators.items() for person in people]
        administered: dict[int, list[int]] = {}
        for tenant, person in held:
            administered.setdefault(person, []).append(tenant)
        shared = [
            (one * many + other, person)
            for person, tenants in administered.items()
            for one in tenants
            for other in tenants
            if one != other and not (one in story and other in story)
        ]
        self.administrators = _RaggedArray(held, many)
        self._common = np.unique(np.array([pair for pair, _ in shared], np.int64))
        rank = {pair: n for n, pair in enumerate(self._common.tolist())}
        self._shared = _RaggedArray([(rank[pair], person) for pair, person in shared], len(rank))
        never = [n * many + n for n in range(many)] + [n * many + m for n in story for m in story]
        self._not_strangers = np.unique(np.concatenate([self._common, np.array(never, np.int64)]))
        rows = np.arange(many + 1) * many
        self._first_common = np.searchsorted(self._common, rows)
        self._first_not_stranger = np.searchsorted(self._not_strangers, rows)
        self.partners = np.diff(self._first_common)  # by tenant: how many share an administrator with it
        self.strangers = many - np.diff(self._first_not_stranger)  # how many do not

    def partner(self, tenant: Ints, share: Shares) -> Ints:
        """Return for each tenant one that shares an administrator with it."""
        pair = self._common[self._first_common[tenant] + (share * self.partners[tenant]).astype(np.int64)]
        return pair % self.tenants

    def stranger(self, tenant: Ints, share: Shares) -> Ints:
        """Return for each tenant one that shares no administrator with it."""
        row, column = np.divmod(self._not_strangers, self.tenants)
        strangers_before = column - (np.arange(len(row)) - self._first_not_stranger[row])
        n = (share * self.strangers[tenant]).astype(np.int64)
        wide = self.tenants + 1
        before = np.searchsorted(row * wide + strangers_before, tenant * wide + n, "right")
        found: Ints = n + before - self._first_not_stranger[tenant]
        return found

    def administrator_of_both(self, one: Ints, other: Ints, share: Shares) -> Ints:
        """Return for each pair of partners a person who administers both."""
        return self._shared.pick(np.searchsorted(self._common, one * self.tenants + other), share)
