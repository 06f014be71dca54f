"""Random commands by everybody in random small worlds, for the rules and the naive reading."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from model import (
    SOURCE_VISIBILITY,
    Approval,
    Approve,
    CloseTicket,
    Command,
    Directory,
    Engineer,
    FallDue,
    HistoryFrom,
    Justification,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
    WriteDiagnostics,
)
from tests.checker.naive import Reading, Who
from tests.model.world import World

TENANTS, PEOPLE, ENGINEERS = ("north", "south", "west"), ("ann", "bea", "cy", "dot"), ("kim", "lee")
MAY, MAY_NOT = frozenset({"Service Support Administrator"}), frozenset({"Security Reader"})
LIMITS = [None, None, timedelta(seconds=1), timedelta(hours=8), timedelta(days=4), timedelta(days=40)]
WAITS = [0, 1, 3600, 8 * 3600 - 1, 8 * 3600, 4 * 86400 - 1, 4 * 86400, 30 * 86400 - 1, 30 * 86400]
KINDS = ["open", *["request"] * 4, *["approve"] * 6, "reject", *["revoke"] * 2, "close", "read", "write", "due", "wait"]
BUILT: dict[str, type[Any]] = {
    "request": RequestAccess,
    "approve": Approve,
    "reject": Reject,
    "revoke": Revoke,
    "close": CloseTicket,
    "read": ReadDiagnostics,
    "write": WriteDiagnostics,
    "due": FallDue,
}


def policy_of(chance: Random) -> Policy:
    """Return a random policy, half of them with the source's visibility."""
    any_table = frozenset((status, side) for status in Status for side in Side if chance.random() < 0.8)
    return Policy(
        approval=chance.choice(list(Approval)),
        pending_expires_after=chance.choice(LIMITS),
        grant_lasts=chance.choice(LIMITS),
        history_days=chance.choice([1, 30]),
        history_from=chance.choice(list(HistoryFrom)),
        visibility=chance.choice([SOURCE_VISIBILITY, any_table]),
        ask_again_after_grant=chance.random() < 0.5,
        justification=chance.choice([*Justification]),
    )


class Both:
    """The rules and the naive reading, each with its own state of one world."""

    def __init__(self, chance: Random) -> None:
        self.chance, self.policy = chance, policy_of(chance)
        held = {(person, tenant): chance.choice([MAY, MAY, MAY_NOT]) for person in PEOPLE for tenant in TENANTS}
        tenants, people, engineers = ({name: name.title() for name in kind} for kind in (TENANTS, PEOPLE, ENGINEERS))
        self.rules = World(self.policy)
        self.rules.directory = Directory(tenants, people, engineers, held)
        expires, lasts = self.policy.pending_expires_after, self.policy.grant_lasts
        words = {
            "approval": str(self.policy.approval),
            "expires": expires and int(expires.total_seconds()),
            "lasts": lasts and int(lasts.total_seconds()),
            "history": self.policy.history_days * 86400,
            "counted from": "made" if self.policy.history_from == "created" else "changed",
            "sees": {(str(status), str(side)) for status, side in self.policy.visibility},
            "again": self.policy.ask_again_after_grant,
            "note required": self.policy.justification == "required",
        }
        may = {pair for pair, roles in held.items() if roles == MAY}
        self.naive = Reading(words, may, set(TENANTS), set(ENGINEERS))

    def something(self) -> tuple[str, Who, dict[str, Any]]:
        """Return a random command and actor: mostly about what exists, mostly by somebody with permission."""
        pick, tickets, requests = self.chance.choice, list(self.naive.tickets), list(self.naive.requests)
        kind = pick(KINDS) if tickets else "open"
        members = [(person, tenant) for person in PEOPLE for tenant in TENANTS]
        who: Who = pick([*members, *members, *members, *ENGINEERS, None])
        if likely := self.chance.random() < 0.8:
            who = pick(sorted(self.naive.administers) or members)
        wanted = "Approved" if kind == "revoke" else "Pending"
        fitting = [name for name in requests if self.naive.requests[name]["status"] == wanted]
        if likely and kind in ("approve", "reject", "revoke", "due") and not fitting:
            kind = "request"
        if kind == "open":
            return kind, who, {"engineer": pick([*ENGINEERS * 4, "nobody"]), "advanced": pick([True, False])}
        if kind in ("request", "read", "write", "close"):
            ticket = pick([*tickets[-2:], *tickets, "t99"])
            if likely and ticket in self.naive.tickets and kind != "close":
                who = self.naive.tickets[ticket]["engineer"]
            about = {"ticket": ticket}
            return kind, who, about if kind == "close" else about | {"tenant": pick([*TENANTS * 5, "nowhere"])}
        request = pick(fitting if likely and fitting else [*requests, "r99"])
        if kind == "due":
            who = None if likely else who
        elif likely and request in self.naive.requests:
            made = self.naive.requests[request]
            who = pick(PEOPLE), pick([made["tenant"], self.naive.tickets[made["ticket"]]["tenant"]])
        return kind, who, {"request": request} | ({} if kind == "due" else {"note": pick(["", "Agreed", "Agreed"])})

    def step(self, told: Counter[str]) -> str | None:
        """Do one random act in both, compare the states, and return the difference, if any."""
        kind, who, about = self.something()
        if kind == "wait":
            seconds = self.chance.choice(WAITS)
            self.naive.wait(seconds)
            self.rules.wait(timedelta(seconds=seconds))
            answers = "", ""
        else:
            answers = self.naive.answer(kind, who, **about), self.asked(kind, who, **about)
            told[answers[0]] += 1
        if answers[0] != answers[1]:
            return f"{who} asks {kind} {about}: the rules say {answers[1]}, the naive reading {answers[0]}"
        member = Member(self.chance.choice(PEOPLE), self.chance.choice(TENANTS))
        return next((f"after {kind} by {who}: {wrong}" for wrong in self.differences(member)), None)

    def differences(self, member: Member) -> Iterator[str]:
        naive, rules = self.naive, self.rules
        for request in rules.requests():
            if naive.requests[request.id]["status"] != request.status:
                yield f"{request.id} is {request.status}, not {naive.requests[request.id]['status']}"
        for ticket, case in rules.cases.items():
            for tenant in TENANTS:
                if case.may_be_read(tenant) != naive.readable(ticket, tenant):
                    yield f"by {ticket} the data of {tenant} can be read: {case.may_be_read(tenant)}"
        lists = tuple(
            {row.request_id for row in rows} for rows in (rules.pending(member), rules.approved_access(member))
        )
        if lists != naive.listed((member.person, member.tenant)):
            yield f"{member} sees {lists}, not {naive.listed((member.person, member.tenant))}"

    def asked(self, kind: str, who: Who, **about: Any) -> str:
        """Return the answer of the rules in the words of the naive reading."""
        if kind == "open":
            command: Command = OpenTicket("Fails", "B", about["advanced"], about["engineer"])
        else:
            command = BUILT[kind](*about.values())
        actor = Member(*who) if isinstance(who, tuple) else Engineer(who) if who else None
        try:
            first = self.rules.do(command, actor)[0]
        except Refused as refused:
            return str(refused.code)
        return {"open": "Open", "close": "Closed", "read": "read"}.get(kind) or str(first.to_status)


def first_difference(worlds: int, commands: int, told: Counter[str], seed: int = 1) -> str | None:
    """Return the first difference between the rules and the naive reading, or None."""
    for number in range(worlds):
        both = Both(Random(f"{seed} {number}"))
        for _ in range(commands):
            if wrong := both.step(told):
                return f"world {number}, {both.policy}: {wrong}"
    return None
