"""Names for a simulated run: whose tickets these were, who decided, who removed access, and what engineers read.

A run knows its tickets as numbers, each in a little world of its own. Here they get the tenants and people of one
society that fit what happened: where somebody administers both tenants of a request, somebody does, and where nobody
does, nobody. Chance for names has streams of its own and changes no time and no decision; what is drawn for a ticket
does not depend on what came of it, so under two policies the same people open the same tickets. All of it is columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.generated.directory import Society
from data.generated.ids import request_id, ticket_id
from model import CATEGORIES, GRANTED, SEVERITIES, Action, Approval, Directory, Policy, Side, Status
from model.simulation import KINDS, NEVER, STATUSES, Behaviour, By, Record

AT_HOME = (  # a title, and the category of data that it is about
    ("Users are asked for a second factor at every sign-in", "sign-in-logs"),
    ("Password reset fails with no message", "audit-logs"),
    ("A dynamic group does not take in new employees", "directory-objects"),
    ("Devices are no longer compliant after they were registered again", "directory-objects"),
    ("A conditional access policy applies to the wrong locations", "service-configuration"),
    ("Single sign-on to the payroll application stopped working", "sign-in-logs"),
    ("Directory synchronisation leaves out one department", "directory-objects"),
    ("A role that was activated takes hours to show", "audit-logs"),
    ("Sign-in with a passkey is not offered", "service-configuration"),
    ("Who deleted the users on Friday evening?", "audit-logs"),
)
ELSEWHERE = (  # the same, and the reason for access to the other tenant
    ("Guests from a partner cannot sign in", "sign-in-logs", "Sign-in logs of the guests' home tenant"),
    ("Guests are asked to register twice", "service-configuration", "The home tenant's settings for guests"),
    ("Invitations to a partner are never redeemed", "directory-objects", "The invited users in its directory"),
    ("Our people are blocked at a partner", "service-configuration", "The partner's conditional access policies"),
    ("Cross-tenant synchronisation stops half way", "audit-logs", "Provisioning entries of the target tenant"),
    ("A partner's application lost its consent", "directory-objects", "The application's registration there"),
    ("Users who moved to a sister company keep old groups", "directory-objects", "Groups of the company they moved to"),
    ("Federation fails since a certificate changed", "service-configuration", "Federation settings of the other side"),
    ("Accounts at a partner are locked from our network", "sign-in-logs", "The attempts are in the partner's logs"),
    ("Somebody removed our guests at a partner", "audit-logs", "Who removed them is in the partner's audit log"),
)
SHARE_CLOSED_BY_ENGINEER = 0.6  # the others are closed by an administrator of the tenant that opened them
STORY_SIZE = 2.0  # the size of a story's tenants, of which the others have 1 on average
FIRST_LOOK = 1.0  # hours, half of the times: from the approval until the data is read; at home four times as long
LOOKS = 3  # at most; the n-th comes n * n times as late as the first

Ints = NDArray[np.integer[Any]]
Shares = NDArray[np.float64]
_NONE = -1
_ACTIONS = (*(kind.action for kind in KINDS), Action.READ)
_READ = len(KINDS)  # the kind of event that the engines leave out
_LAST = CATEGORIES.index("directory-objects")  # the category of the last look; the others have the ticket's
_CATEGORY = np.array([CATEGORIES.index(row[1]) for row in (*AT_HOME, *ELSEWHERE)])  # by title


def fitting(behaviour: Behaviour, society: Society) -> Behaviour:
    """The behaviour, with no ticket for which the society has no two tenants that fit."""
    pairs = _Pairs(society)
    if not pairs.partners.any() and not pairs.strangers.any():
        return replace(behaviour, share_elsewhere=0.0)
    if not pairs.partners.any():
        return replace(behaviour, share_with_common_administrator=0.0)
    if not pairs.strangers.any():
        return replace(behaviour, share_with_common_administrator=1.0)
    return behaviour


def cast(record: Record, society: Society, policy: Policy, seed: int, now: int) -> pd.DataFrame:
    """The run, which was observed until `now` (seconds since 1970), as lines of a room's log, in their order.

    Raises ValueError where the society has no two tenants that fit a ticket.
    """
    return _Cast(record, society, policy, seed, now).lines()


def onlookers(lines: pd.DataFrame, society: Society) -> Directory:
    """A few people to look as: of the tenant with the most tickets and of one that shares an administrator with it."""
    whole, administrators = society.directory, society.administrators
    opened = lines.loc[lines["action"] == Action.OPEN, "tenant"]
    home = str(opened.mode()[0]) if len(opened) else next(iter(whole.tenants))
    tenants_of: dict[str, list[str]] = {}
    for tenant, administering in administrators.items():
        for person in administering:
            tenants_of.setdefault(person, []).append(tenant)
    both = max(administrators[home], key=lambda person: len(tenants_of[person]))
    tenants = [home, *(tenant for tenant in tenants_of[both] if tenant != home)][:2]
    people = [both, *(next((p for p in administrators[t] if tenants_of[p] == [t]), both) for t in tenants)]
    people += [p for p, t in whole.roles if t == home and not whole.administers(p, t)][:1]
    return Directory(
        {tenant: whole.tenants[tenant] for tenant in tenants},
        {person: whole.people[person] for person in people},
        {engineer: whole.engineers[engineer] for engineer in society.engineers[:2]},
        {(p, t): whole.roles[p, t] for p in dict.fromkeys(people) for t in tenants if whole.knows(p, t)},
    )


class _Lists:
    """Lists of numbers, each behind the other; built from pairs of the number of a list and what it holds."""

    def __init__(self, pairs: Sequence[tuple[int, int]], lists: int) -> None:
        of, self.items = np.array(sorted(pairs), np.int64).reshape(-1, 2).T
        self.begins = np.searchsorted(of, np.arange(lists + 1))

    def one(self, of: Ints, share: Shares) -> Ints:
        """One item of each of these lists, which are not empty; a share from 0 to 1 says which."""
        first = self.begins[of]
        found: Ints = self.items[first + (share * (self.begins[of + 1] - first)).astype(np.int64)]
        return found


class _Pairs:
    """Which pairs of tenants may stand on the two sides of a request. Never two of the story's."""

    def __init__(self, society: Society) -> None:
        self.tenants = many = len(society.directory.tenants)
        place = {tenant: n for n, tenant in enumerate(society.directory.tenants)}
        code = {person: n for n, person in enumerate(society.directory.people)}
        story = range(len(society.story))
        administered: dict[int, list[int]] = {}
        for tenant, people in society.administrators.items():
            for person in people:
                administered.setdefault(code[person], []).append(place[tenant])
        shared = [
            (one * many + other, person)
            for person, tenants in administered.items()
            for one in tenants
            for other in tenants
            if one != other and not (one in story and other in story)
        ]
        self.administrators = _Lists(
            [(place[tenant], code[person]) for tenant, people in society.administrators.items() for person in people],
            many,
        )
        self._common = np.unique(np.array([pair for pair, _ in shared], np.int64))
        rank = {pair: n for n, pair in enumerate(self._common.tolist())}
        self._shared = _Lists([(rank[pair], person) for pair, person in shared], len(rank))
        never = [n * many + n for n in range(many)] + [n * many + m for n in story for m in story]
        self._unfit = np.unique(np.concatenate([self._common, np.array(never, np.int64)]))  # as strangers
        rows = np.arange(many + 1) * many
        self._first_common = np.searchsorted(self._common, rows)
        self._first_unfit = np.searchsorted(self._unfit, rows)
        self.partners = np.diff(self._first_common)  # of each tenant: how many share an administrator with it
        self.strangers = many - np.diff(self._first_unfit)  # how many do not

    def partner(self, tenant: Ints, share: Shares) -> Ints:
        """For each tenant one that shares an administrator with it."""
        pair = self._common[self._first_common[tenant] + (share * self.partners[tenant]).astype(np.int64)]
        return pair % self.tenants

    def stranger(self, tenant: Ints, share: Shares) -> Ints:
        """For each tenant one that shares none: the n-th of all save those that do not fit."""
        row, column = np.divmod(self._unfit, self.tenants)
        fit_before = column - (np.arange(len(row)) - self._first_unfit[row])
        n = (share * self.strangers[tenant]).astype(np.int64)
        wide = self.tenants + 1
        before = np.searchsorted(row * wide + fit_before, tenant * wide + n, "right")
        found: Ints = n + before - self._first_unfit[tenant]
        return found

    def of_both(self, one: Ints, other: Ints, share: Shares) -> Ints:
        """For each pair of partners somebody who administers both."""
        return self._shared.one(np.searchsorted(self._common, one * self.tenants + other), share)


@dataclass(frozen=True, slots=True)
class _Looks:
    """What engineers read: a row for each look."""

    at: NDArray[np.int64]
    ticket: Ints
    category: Ints


class _Cast:
    def __init__(self, record: Record, society: Society, policy: Policy, seed: int, now: int) -> None:
        self.record, self.society, self.policy, self.seed, self.now = record, society, policy, seed, now
        self.pairs = _Pairs(society)
        many = len(record.tickets.opened)
        rng = np.random.default_rng([seed, *b"tickets"])
        self.owner, self.resource = self._tenants(rng, many)
        self.opener = self.pairs.administrators.one(self.owner, rng.random(many))
        self.closer = self.pairs.administrators.one(self.owner, rng.random(many))
        self.engineer_closes = rng.random(many) < SHARE_CLOSED_BY_ENGINEER
        self.engineer = rng.integers(max(len(society.engineers), 1), size=many)
        self.severity = rng.integers(len(SEVERITIES), size=many)
        titles = rng.random(many)
        elsewhere = record.tickets.elsewhere
        self.title = np.where(elsewhere, len(AT_HOME) + titles * len(ELSEWHERE), titles * len(AT_HOME)).astype(np.int64)

    def _tenants(self, rng: np.random.Generator, many: int) -> tuple[Ints, Ints]:
        """Each ticket's tenant, the larger the likelier, and the other one that its problem lies in."""
        pairs, t = self.pairs, self.record.tickets
        size = rng.lognormal(-0.18, 0.6, pairs.tenants)  # 1 on average
        size[: len(self.society.story)] = STORY_SIZE
        share, other = rng.random(many), rng.random(many)
        owner, resource = np.zeros(many, np.int64), np.full(many, _NONE, np.int64)
        for some, fit, what in (
            (~t.elsewhere, np.ones(pairs.tenants, np.bool_), "there is no tenant"),
            (t.elsewhere & t.common, pairs.partners > 0, "no two tenants share an administrator"),
            (t.elsewhere & ~t.common, pairs.strangers > 0, "any two tenants share an administrator"),
        ):
            places = np.flatnonzero(some)
            if len(places) and not fit.any():
                raise ValueError(f"there are tickets for which {what}: ask for more tenants")
            so_far = np.cumsum(np.where(fit, size, 0))
            owner[places] = np.searchsorted(so_far, share[places] * so_far[-1:], "right")
        for some, choose in ((t.common, pairs.partner), (~t.common, pairs.stranger)):
            places = np.flatnonzero(t.elsewhere & some)
            resource[places] = choose(owner[places], other[places])
        return owner, resource

    def lines(self) -> pd.DataFrame:
        """All columns of `data.log`."""
        record, tickets = self.record, self.record.tickets
        looks, order = self._looks(), record.events.order()
        none = np.zeros(len(looks.at), np.int8)
        at = np.concatenate([record.events.at[order], looks.at])
        order = np.concatenate([order, len(order) + np.arange(len(none))])[(then := np.argsort(at, kind="stable"))]
        at = at[then]
        ticket, number, kind, by, category = (
            np.concatenate(columns)[order]
            for columns in (
                (record.events.ticket, looks.ticket),
                (record.events.request, none),
                (record.events.kind, none + _READ),
                (record.events.by, none + By.ENGINEER),
                (np.full(len(record.events.at), _NONE), looks.category),
            )
        )
        opens, asks, reads = (_is(action)[kind] for action in (Action.OPEN, Action.REQUEST, Action.READ))
        person, tenant = self._members(ticket, number, kind, by)
        of = np.where(asks | (reads & tickets.elsewhere[ticket]), self.resource[ticket], self.owner[ticket])
        requests = np.full(2 * len(tickets.opened), _NONE)
        slots = _slot(record.requests.ticket, record.requests.number)
        requests[slots] = np.arange(len(slots))
        engineers, tenants = self.society.engineers, list(self.society.directory.tenants)
        ticket_ids = self._ticket_ids(tenants)
        request_ids = [
            request_id(self.seed, ticket_ids[t], n)
            for t, n in zip(record.requests.ticket.tolist(), record.requests.number.tolist(), strict=True)
        ]
        title, engineer = self.title[ticket], self.engineer[ticket]
        return pd.DataFrame(
            {
                "seq": np.arange(1, len(at) + 1),
                "occurred_at": _moments(at),
                "action": _words(_codes(_ACTIONS, list(Action))[kind], list(Action)),
                "ticket_id": _words(ticket, ticket_ids),
                "request_id": _words(np.where(number > 0, requests[_slot(ticket, number)], _NONE), request_ids),
                "person": _words(person, list(self.society.directory.people)),
                "signed_in_to": _words(tenant, tenants),
                "engineer": _words(np.where((by == By.ENGINEER) & (person == _NONE), engineer, _NONE), engineers),
                "from_status": _words(_codes([k.start for k in KINDS], STATUSES)[kind], STATUSES),
                "to_status": _words(_codes([k.end for k in KINDS], STATUSES)[kind], STATUSES),
                "due_at": _moments(self._due(at, ticket, number, kind)),
                "tenant": _words(np.where(opens | asks | reads, of, _NONE), tenants),
                "title": _words(np.where(opens, title, _NONE), [row[0] for row in (*AT_HOME, *ELSEWHERE)]),
                "severity": _words(np.where(opens, self.severity[ticket], _NONE), SEVERITIES),
                "advanced_diagnostics": pd.arrays.BooleanArray(tickets.advanced[ticket], ~opens),
                "assigned_engineer": _words(np.where(opens, engineer, _NONE), engineers),
                "reason": _words(np.where(asks, title - len(AT_HOME), _NONE), [row[2] for row in ELSEWHERE]),
                "category": _words(category, CATEGORIES),
                "refusal": _words(np.full(len(at), _NONE), [""]),
                "step": pd.arrays.IntegerArray(np.zeros(len(at), np.int32), np.ones(len(at), np.bool_)),
            }
        )

    def _ticket_ids(self, tenants: Sequence[str]) -> list[str]:
        """By the tenant and the number of its tickets so far."""
        order = np.argsort(self.owner, kind="stable")
        number = np.empty(len(order), np.int64)
        number[order] = 1 + np.arange(len(order)) - np.searchsorted(self.owner[order], self.owner[order])
        owners = zip(self.owner.tolist(), number.tolist(), strict=True)
        return [ticket_id(self.seed, tenants[owner], n) for owner, n in owners]

    def _members(self, ticket: Ints, number: Ints, kind: Ints, by: Ints) -> tuple[Ints, Ints]:
        """Who did it, and in which tenant; none where it was nobody or the engineer."""
        person, tenant = np.full(len(ticket), _NONE), np.full(len(ticket), _NONE)
        rng = np.random.default_rng([self.seed, *b"members"])
        many, sees = 2 * len(self.owner), self.policy.sees
        support, resource, side, remover = (rng.random(many) for _ in range(4))

        def acts(some: NDArray[np.bool_], where: Ints, share: Shares) -> None:
            """Somebody who administers the ticket's tenant, or the other one."""
            places = np.flatnonzero(some)
            tenant[places] = where[ticket[places]]
            slots = _slot(ticket[places], number[places])
            person[places] = self.pairs.administrators.one(tenant[places], share[slots])

        decides, removes = (_is(Action.APPROVE) | _is(Action.REJECT))[kind], _is(Action.REVOKE)[kind]
        acts(decides & (by == By.SUPPORT), self.owner, support)
        acts(decides & (by == By.RESOURCE), self.resource, resource)
        acts(removes, self.resource, remover)
        if self.policy.approval is Approval.BOTH:
            places = np.flatnonzero(decides)
            slots, both = _slot(ticket[places], number[places]), (self.owner[ticket[places]], tenant[places])
            other = self.resource[ticket[places]]
            person[places] = self.pairs.of_both(both[0], other, support[slots])
            if all(sees(Status.PENDING, side) for side in Side):
                tenant[places] = np.where(side[slots] < 0.5, both[0], other)
        for action, who in ((Action.OPEN, self.opener), (Action.CLOSE, self.closer)):
            places = np.flatnonzero(_is(action)[kind])
            if action is Action.CLOSE:
                places = places[~self.engineer_closes[ticket[places]]]
            person[places], tenant[places] = who[ticket[places]], self.owner[ticket[places]]
        return person, tenant

    def _due(self, at: Ints, ticket: Ints, number: Ints, kind: Ints) -> Ints:
        """When the request that the event is about falls due, as it then stands."""
        requests = self.record.requests
        expires = np.full(2 * len(self.owner), NEVER)
        expires[_slot(requests.ticket, requests.number)] = _after(requests.requested, self.policy.pending_expires_after)
        pending, approved = ([k.end is status for k in KINDS] for status in (Status.PENDING, Status.APPROVED))
        due: Ints = np.where(np.array([*pending, False])[kind], expires[_slot(ticket, number)], NEVER)
        return np.where(np.array([*approved, False])[kind], _after(at, self.policy.grant_lasts), due)

    def _looks(self) -> _Looks:
        """Of the other tenant while there is access, at home while the ticket is open; refused tries are left out."""
        t, r = self.record.tickets, self.record.requests
        rng = np.random.default_rng([self.seed, *b"looks"])
        many = 2 * len(t.opened)
        hours, looks = rng.lognormal(np.log(FIRST_LOOK), 1, many), rng.integers(1, LOOKS + 1, many)
        granted = np.flatnonzero(np.isin(r.status, [STATUSES.index(status) for status in GRANTED]))
        live = r.status[granted] == STATUSES.index(Status.APPROVED)
        home = np.flatnonzero(~t.elsewhere & t.advanced)
        ticket = np.concatenate([r.ticket[granted], home])
        begins = np.concatenate([r.decided[granted], t.opened[home]])
        ends = np.concatenate([np.where(live, NEVER, r.changed[granted]), t.closed[home]])
        slots = np.concatenate([_slot(r.ticket[granted], r.number[granted]), 2 * home])
        slower = np.where(t.elsewhere[ticket], 1, 4)
        found = []
        for n in range(1, LOOKS + 1):
            at = begins + 1 + (hours[slots] * (3600 * n * n) * slower).astype(np.int64)
            some = np.flatnonzero((n <= looks[slots]) & (at < np.minimum(ends, self.now)))
            about = _CATEGORY[self.title[ticket[some]]]
            found.append((at[some], ticket[some], about if n < LOOKS else np.full_like(about, _LAST)))
        at, ticket, about = (np.concatenate(columns) for columns in zip(*found, strict=True))
        order = np.lexsort((ticket, at))
        return _Looks(at[order], ticket[order], about[order])


def _slot(ticket: Ints, number: Ints) -> Ints:
    """A place for each access request that a ticket may have: two of them. That of no request is the first one's."""
    slot: Ints = 2 * ticket + (number > 1)
    return slot


def _is(action: Action) -> NDArray[np.bool_]:
    """By kind of event."""
    return np.array([other is action for other in _ACTIONS])


def _codes(words: Sequence[str | None], known: Sequence[str]) -> Ints:
    """By kind of event, the place of its word; where it has none, none."""
    places = {word: place for place, word in enumerate(known)}
    found = [_NONE if word is None else places[word] for word in words]
    return np.array(found + [_NONE] * (len(_ACTIONS) - len(found)))


def _words(codes: Ints, words: Sequence[str]) -> "pd.Categorical[Any]":
    return pd.Categorical.from_codes(codes, pd.Index([str(word) for word in words], dtype=object), validate=False)


def _after(at: Ints, limit: timedelta | None) -> Ints:
    return at + round(limit.total_seconds()) if limit else np.full(len(at), NEVER)


def _moments(at: Ints) -> NDArray[np.datetime64]:
    """Seconds since 1970 as moments; NEVER as none."""
    return np.where(at == NEVER, np.iinfo(np.int64).min, at).view("datetime64[s]")
