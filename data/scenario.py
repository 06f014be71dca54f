"""A scenario: a TOML file that a trainer writes, a demo follows and a test runs.

Reading is strict: a word that is not known is refused with the file, the place, and the nearest word that is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from data.population import Background
from data.strict import Value, duration, duration_text, parse, read_text
from model import (
    CATEGORIES,
    PRESETS,
    ROLES,
    SEVERITIES,
    Approval,
    Approve,
    CloseTicket,
    Code,
    Command,
    Directory,
    Engineer,
    HistoryFrom,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
    WriteDiagnostics,
)

__all__ = [
    "NOT_VISIBLE",
    "Scenario",
    "Step",
    "duration",
    "duration_text",
    "policy_from",
    "policy_table",
    "scenarios",
]

NOT_VISIBLE = "not visible"
EARLIEST, LATEST = datetime(1970, 1, 1), datetime(2200, 1, 1)  # a story lies between them
_DO: Mapping[str, type[Any]] = {
    "open-ticket": OpenTicket,
    "request-access": RequestAccess,
    "approve": Approve,
    "reject": Reject,
    "revoke": Revoke,
    "close-ticket": CloseTicket,
    "read-diagnostics": ReadDiagnostics,
    "write-diagnostics": WriteDiagnostics,
}
"""The command of each `do`. Its fields are the keys of the step (`ticket` for ticket_id), needed without a default."""
_MAKES = {OpenTicket: "ticket", RequestAccess: "request"}  # what a command makes is named by the step, under this key
_ALWAYS = ("say", "wait", "expect", "access")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story: what is said, who does what, and how it then stands."""

    say: str = ""
    wait: timedelta = timedelta(0)
    by: Member | Engineer | None = None
    command: Command | None = None
    name: str | None = None  # of the ticket or access request that the command makes
    refused: Code | None = None
    expect: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # tenant -> request -> status or NOT_VISIBLE
    access: Mapping[str, bool] = field(default_factory=dict)  # tenant -> may the engineer of a ticket of the story read

    @property
    def act(self) -> str:
        """Who does what, in short: "adele@fabrikam: approve r1"; empty where nobody does anything."""
        if self.by is None:
            return ""
        who = self.by.id if isinstance(self.by, Engineer) else f"{self.by.person}@{self.by.tenant}"
        do = next(do for do, command in _DO.items() if isinstance(self.command, command))
        ids = [getattr(self.command, key, None) for key in ("ticket_id", "request_id", "resource_tenant", "tenant")]
        return " ".join([f"{who}:", do, *(word for word in (self.name, *ids) if word)])


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story with its cast, its policy and, around it, generated traffic."""

    title: str
    summary: str
    starts: datetime  # naive UTC
    directory: Directory
    policy: Policy
    steps: tuple[Step, ...]
    background: Background | None
    text: str  # the file, whole

    @classmethod
    def read(cls, path: str | Path) -> "Scenario":
        """The scenario of a file. Raises OSError, or ValueError that names the file, the place and what is wrong."""
        return cls.parse(read_text(path), Path(path).name)

    @classmethod
    def parse(cls, text: str, file: str = "scenario") -> "Scenario":
        """The scenario of a TOML text; `file` names it in errors. Raises ValueError."""
        return parse(text, file, lambda top: _scenario(top, text))


@cache
def scenarios() -> dict[str, Scenario]:
    """The shipped scenarios by name, which is the name of the file."""
    folder = resources.files("data").joinpath("scenarios")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {
        file.name.removesuffix(".toml"): Scenario.parse(file.read_text(encoding="utf-8"), file.name) for file in files
    }


def _scenario(top: Value, text: str) -> Scenario:
    needed = ("title", "starts", "tenants", "engineers", "people")
    given = top.table(needed, ("summary", "policy", "background", "steps"))
    starts, directory = given["starts"].time(), _directory(given)
    reader = _Steps(directory)
    steps = tuple(reader.step(step) for step in given["steps"].each()) if "steps" in given else ()
    if starts < EARLIEST or sum((step.wait for step in steps), timedelta()) >= LATEST - starts:
        raise given["starts"].wrong(f"a story lies in the years {EARLIEST.year} to {LATEST.year - 1}")
    return Scenario(
        title=given["title"].text(),
        summary=given["summary"].prose() if "summary" in given else "",
        starts=starts,
        directory=directory,
        policy=policy_from(given["policy"]) if "policy" in given else Policy(),
        steps=steps,
        background=_background(given["background"]) if "background" in given else None,
        text=text,
    )


def _background(table: Value) -> Background:
    given = table.table((), (f.name for f in fields(Background)))
    read: dict[str, Any] = {
        key: value.number() if key == "tickets_per_day" else value.whole() for key, value in given.items()
    }
    return table.made(lambda: Background(**read))


def _directory(given: Mapping[str, Value]) -> Directory:
    ids: set[str] = set()  # of the whole cast: an id is the name of one of them only
    names: set[str] = set()

    def cast(kind: str) -> dict[str, Value]:
        entries = given[kind].entries()
        for entry in entries.values():
            entry.key.id()
            entry.key.new(ids)
        return entries

    tenants, engineers = ({key: v.new(names) for key, v in cast(kind).items()} for kind in ("tenants", "engineers"))
    for kind, found in (("tenants", tenants), ("engineers", engineers)):
        if not found:
            raise given[kind].wrong("at least one is needed")
    people: dict[str, str] = {}
    roles: dict[tuple[str, str], frozenset[str]] = {}
    for person, entry in cast("people").items():
        known = entry.table(("name", "roles"))
        people[person] = known["name"].new(names)
        for tenant, held in known["roles"].entries().items():
            held.key.word(tenants)
            roles[person, tenant] = frozenset(role.word(ROLES) for role in held.each())
        if not known["roles"].entries():
            raise known["roles"].wrong("at least one tenant is needed, as in { contoso = [] }")
    return Directory(tenants, people, engineers, roles)


class _Steps:
    """Reads the steps one after the other, and remembers which tickets and access requests they have named so far."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.taken: set[str] = set()
        self.named: dict[str, list[str]] = {"ticket": [], "request": []}
        self.words: dict[str, Iterable[str]] = {  # key -> what it may say; texts are free
            **self.named,
            "engineer": directory.engineers,
            "tenant": directory.tenants,
            "resource_tenant": directory.tenants,
            "severity": SEVERITIES,
            "category": CATEGORIES,
        }

    def step(self, table: Value) -> Step:
        """Raises Misread."""
        given = table.entries()
        if not given:
            raise table.wrong("a step says something, waits, or does something")
        if "do" in given:
            act = self._act(table, given["do"].word(_DO))
        elif stray := {"by", "refused"} & set(given):
            raise given[min(stray)].wrong("needs a 'do'")
        else:
            act = {}
            table.table((), _ALWAYS)
        return Step(
            say=given["say"].prose() if "say" in given else "",
            wait=given["wait"].duration() if "wait" in given else timedelta(0),
            expect={
                tenant: {key: s.word((*Status, NOT_VISIBLE)) for key, s in self._of("request", requests).items()}
                for tenant, requests in self._of("tenant", given.get("expect")).items()
            },
            access={tenant: may.flag() for tenant, may in self._of("tenant", given.get("access")).items()},
            **act,
        )

    def _of(self, kind: str, table: Value | None) -> dict[str, Value]:
        """The entries of a table by tenant or by access request."""
        entries = table.entries() if table else {}
        for entry in entries.values():
            entry.key.word(self.words[kind])
        return entries

    def _act(self, table: Value, do: str) -> dict[str, Any]:
        command, makes = _DO[do], _MAKES.get(_DO[do])
        keys = {f.name.removesuffix("_id"): f for f in fields(command)}
        needed = [key for key, f in keys.items() if f.default is MISSING] + ([makes] if makes else [])
        given = table.table(("do", "by", *needed), (*keys, "refused", *_ALWAYS))
        values = {f.name: self._value(key, given[key]) for key, f in keys.items() if key in given}
        if command is OpenTicket:
            values.setdefault("engineer", next(iter(self.directory.engineers)))
        if makes:
            given[makes].id()
            self.named[makes].append(given[makes].new(self.taken))
        return {
            "by": self._actor(given["by"]),
            "command": table.made(lambda: command(**values)),
            "name": given[makes].it if makes else None,
            "refused": Code(given["refused"].word(Code)) if "refused" in given else None,
        }

    def _value(self, key: str, value: Value) -> Any:
        if key in self.words:
            return value.word(self.words[key])
        return value.flag() if key == "advanced_diagnostics" else value.text()

    def _actor(self, by: Value) -> Member | Engineer:
        who, at, tenant = by.text().partition("@")
        if not at:
            if who in self.directory.people:
                raise by.wrong(f"in which tenant does {who!r} act? Write {who}@tenant")
            return Engineer(by.word(self.directory.engineers))
        Value(who, by.path).word(self.directory.people)
        Value(tenant, by.path).word(self.directory.tenants)
        if not self.directory.knows(who, tenant):
            raise by.wrong(f"{who!r} has no entry for {tenant!r} in people.{who}.roles (it may be [])")
        return Member(who, tenant)


# The policy: the knobs' own names, over a preset.

_WITHOUT = {"pending_expires_after": "never", "grant_lasts": "until the ticket closes"}  # what None is called


def policy_from(table: Mapping[str, Any] | Value, base: Policy | None = None) -> Policy:
    """The policy that a `policy` table states, as differences from `base` where it names no preset. Raises ValueError.

    `base` is the source's policy where it is None.
    """
    return _policy(table if isinstance(table, Value) else Value(table, ("policy",)), base or PRESETS["source"])


def policy_table(policy: Policy) -> dict[str, Any]:
    """The policy in the words of a scenario file; `policy_from` reads it back."""
    limits = {knob: getattr(policy, knob) for knob in _WITHOUT}
    return {
        "approval": str(policy.approval),
        **{knob: duration_text(limit) if limit else _WITHOUT[knob] for knob, limit in limits.items()},
        "history_days": policy.history_days,
        "history_from": str(policy.history_from),
        "visibility": {str(status): [str(side) for side in Side if policy.sees(status, side)] for status in Status},
        "ask_again_after_grant": policy.ask_again_after_grant,
    }


def _policy(table: Value, base: Policy) -> Policy:
    knobs = {f.name for f in fields(Policy)} - {"title", "read_in"}
    given = table.table((), ("preset", *sorted(knobs)))
    if "preset" in given:
        base = PRESETS[given.pop("preset").word(PRESETS)]
    values = {knob: _knob(knob, value, base) for knob, value in given.items()}
    if values:
        values |= {"title": "", "read_in": ""}
    return table.made(lambda: replace(base, **values))


def _knob(knob: str, value: Value, base: Policy) -> Any:
    match knob:
        case "approval":
            return value.word(Approval)
        case "history_from":
            return value.word(HistoryFrom)
        case "history_days":
            return value.whole()
        case "ask_again_after_grant":
            return value.flag()
        case "visibility":
            return _visibility(value, base)
        case _:
            without = _WITHOUT[knob]
            return None if value.it == without else value.duration(f', or is "{without}"')


def _visibility(table: Value, base: Policy) -> frozenset[tuple[str, str]]:
    """The base's, save for the statuses that are named: these are seen by the sides listed."""
    entries = table.entries()
    for sides in entries.values():
        sides.key.word(Status)
    named = {(status, side.word(Side)) for status, sides in entries.items() for side in sides.each()}
    return frozenset(named | {pair for pair in base.visibility if pair[0] not in entries})
