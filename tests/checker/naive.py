"""A second, naive implementation of the source's tables: plain words, plain dicts, times in seconds. It shares nothing
with `model` and keeps its own state. Read it beside the design; it is plain on purpose.
"""

from typing import Any

NEVER = None
ENDED = ("Rejected", "Revoked", "Completed", "Canceled", "Expired")
Who = tuple[str, str] | str | None
"""A member (person, tenant signed in to), an engineer, or nobody."""


class Reading:
    """Everything that happened so far. `answer` returns the outcome of an act: a refusal's code, or the new status."""

    def __init__(
        self, policy: dict[str, Any], administers: set[tuple[str, str]], tenants: set[str], engineers: set[str]
    ):
        self.policy, self.administers, self.tenants, self.engineers = policy, administers, tenants, engineers
        self.now = 0
        self.tickets: dict[str, dict[str, Any]] = {}
        self.requests: dict[str, dict[str, Any]] = {}

    def answer(self, act: str, who: Who, **about: Any) -> str:
        acts = {"open": self.open, "close": self.close, "due": self.fall_due}
        if act in acts:
            return acts[act](who, **about)
        return (self.decide if act in ("approve", "reject", "revoke") else self.engineers_act)(act, who, **about)

    def open(self, who: Who, engineer: str, advanced: bool) -> str:
        if who not in self.administers:
            return "no-permission"
        if engineer not in self.engineers:
            return "not-found"
        ticket = {"tenant": who[1], "engineer": engineer, "advanced": advanced, "open": True}
        self.tickets[f"t{len(self.tickets) + 1}"] = ticket
        return "Open"

    def engineers_act(self, act: str, who: Who, ticket: str, tenant: str) -> str:
        if ticket not in self.tickets or who != self.tickets[ticket]["engineer"]:
            return "not-assigned"
        if tenant not in self.tenants:
            return "not-found"
        if not self.tickets[ticket]["open"]:
            return "ticket-closed"
        if act == "request":
            return self.request(ticket, tenant)
        return "no-access" if not self.readable(ticket, tenant) else "read" if act == "read" else "read-only"

    def readable(self, ticket: str, tenant: str) -> bool:
        if not self.tickets[ticket]["open"]:
            return False
        if tenant == self.tickets[ticket]["tenant"]:
            return self.tickets[ticket]["advanced"]
        return "Approved" in self.earlier(ticket, tenant)

    def earlier(self, ticket: str, tenant: str) -> list[str]:
        return [r["status"] for r in self.requests.values() if r["ticket"] == ticket and r["tenant"] == tenant]

    def request(self, ticket: str, tenant: str) -> str:
        if tenant == self.tickets[ticket]["tenant"]:
            return "same-tenant"
        for status in self.earlier(ticket, tenant):
            if status in ("Pending", "Approved") or (status in ("Revoked", "Completed") and not self.policy["again"]):
                return "already-requested"
        made = {"ticket": ticket, "tenant": tenant, "made": self.now, "first": None}
        self.requests[f"r{len(self.requests) + 1}"] = made
        return self.stands(made, "Pending", self.policy["expires"])

    def stands(self, request: dict[str, Any], status: str, ends_in: int | None = NEVER) -> str:
        request.update(status=status, changed=self.now, due=NEVER if ends_in is NEVER else self.now + ends_in)
        return status

    def sees(self, tenant: str, request: dict[str, Any]) -> bool:
        if tenant == self.tickets[request["ticket"]]["tenant"]:
            return (request["status"], "support request tenant") in self.policy["sees"]
        return tenant == request["tenant"] and (request["status"], "resource tenant") in self.policy["sees"]

    def decide(self, act: str, who: Who, request: str, note: str) -> str:
        if who not in self.administers:
            return "no-permission"
        found = self.requests.get(request)
        if found is None or not self.sees(who[1], found):
            return "not-found"
        if not self.tickets[found["ticket"]]["open"]:
            return "ticket-closed"
        if found["status"] != ("Approved" if act == "revoke" else "Pending"):
            return "wrong-status"
        of_support = (who[0], self.tickets[found["ticket"]]["tenant"]) in self.administers
        of_resource = (who[0], found["tenant"]) in self.administers
        if act == "revoke" or self.policy["approval"] == "resource":
            if not of_resource:
                return "not-administrator-of-both"
        elif self.policy["approval"] == "both" and not (of_support and of_resource):
            return "not-administrator-of-both"
        each = act == "approve" and self.policy["approval"] == "each"
        if each and found["first"] and {*who} & {*found["first"]}:  # by the tenant, or by the person
            return "wrong-status" if who[1] == found["first"][1] else "same-person"
        if self.policy["note required"] and not note:
            return "justification-missing"
        if each and found["first"] is None:
            found.update(first=who, changed=self.now)
            return "Pending"
        end = {"approve": "Approved", "reject": "Rejected", "revoke": "Revoked"}[act]
        return self.stands(found, end, self.policy["lasts"] if act == "approve" else NEVER)

    def close(self, who: Who, ticket: str) -> str:
        found = self.tickets.get(ticket)
        if isinstance(who, str):
            if found is None or found["engineer"] != who:
                return "not-assigned"
        elif who not in self.administers:
            return "no-permission"
        elif found is None or found["tenant"] != who[1]:
            return "not-found"
        if not found["open"]:
            return "ticket-closed"
        found["open"] = False
        for request in self.requests.values():
            if request["ticket"] == ticket and request["status"] not in ENDED:
                self.stands(request, "Canceled" if request["status"] == "Pending" else "Completed")
        return "Closed"

    def fall_due(self, who: Who, request: str) -> str:
        if who is not None:
            return "no-permission"
        found = self.requests.get(request)
        if found is None:
            return "not-found"
        if found["due"] is NEVER or self.now < found["due"]:
            return "wrong-status"
        return self.stands(found, "Expired" if found["status"] == "Pending" else "Completed")

    def wait(self, seconds: int) -> None:
        until = self.now + seconds
        for at, name in sorted((r["due"], name) for name, r in self.requests.items() if r["due"] is not NEVER):
            if at <= until:
                self.now = at
                self.fall_due(None, name)
        self.now = until

    def listed(self, who: Who) -> tuple[set[str], set[str]]:
        """Return the requests in the member's Pending requests and Approved access."""
        seen = {n: r for n, r in self.requests.items() if who in self.administers and self.sees(who[1], r)}
        pending = {name for name, request in seen.items() if request["status"] == "Pending"}
        live = {name for name, request in seen.items() if request["status"] == "Approved"}
        since = self.policy["counted from"]
        recent = {name for name, r in seen.items() if self.now - r[since] < self.policy["history"]}
        return pending, (recent | live) - pending
