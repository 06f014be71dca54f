"""A scenario: a TOML file that a trainer writes, a demo follows and a test runs.

Reading is strict: a word that is not known is refused with the file, the place, and the nearest word that is.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from data.population import Background
from model import (
    CATEGORIES,
    PRESETS,
    ROLES,
    Approve,
    Code,
    Command,
    Directory,
    Engineer,
    Member,
    OpenTicket,
    Policy,
    ReadDiagnostics,
    Reject,
    RequestAccess,
    Revoke,
    Side,
    Status,
)
from model.commands import CloseTicket

NOT_VISIBLE = "not visible"
_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_KNOBS = tuple(f.name for f in fields(Policy) if f.name not in ("title", "read_in"))
_STEP = ("say", "by", "do", "wait", "refused", "expect", "access")
_DO: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # do -> keys that it needs, keys that it may have
    "open-ticket": (("ticket", "title"), ("severity", "advanced_diagnostics", "engineer")),
    "request-access": (("ticket", "request", "resource_tenant"), ("reason",)),
    "approve": (("request",), ()),
    "reject": (("request",), ()),
    "revoke": (("request",), ()),
    "close-ticket": (("ticket",), ()),
    "read-diagnostics": (("ticket", "tenant"), ("category",)),
}


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
        """The scenario of a file. Raises ValueError that names the file, the place and what would be right."""
        path = Path(path)
        return cls.parse(path.read_text(encoding="utf-8"), path.name)

    @classmethod
    def parse(cls, text: str, file: str = "scenario") -> "Scenario":
        """The scenario of a TOML text; `file` names it in errors. Raises ValueError."""
        try:
            return _Reader(tomllib.loads(text)).scenario(text)
        except (tomllib.TOMLDecodeError, ValueError) as error:
            raise ValueError(f"{file}: {error}") from None


@cache
def scenarios() -> dict[str, Scenario]:
    """The shipped scenarios by name, which is the name of the file."""
    folder = resources.files("data").joinpath("scenarios")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {
        file.name.removesuffix(".toml"): Scenario.parse(file.read_text(encoding="utf-8"), file.name) for file in files
    }


def duration(text: object, place: str = "duration") -> timedelta:
    """The length that "12 hours" or "4 days" names. Raises ValueError."""
    found = re.fullmatch(r"(\d{1,9}) (second|minute|hour|day|week)s?", text) if isinstance(text, str) else None
    if not found:
        raise ValueError(f'{place}: a duration reads like "12 hours" or "4 days", not {text!r}')
    return timedelta(seconds=int(found[1]) * _UNITS[found[2]])


def duration_text(length: timedelta) -> str:
    """A whole number of the largest unit that fits: "4 days". The inverse of `duration`."""
    seconds = round(length.total_seconds())
    unit, size = max(((u, s) for u, s in _UNITS.items() if seconds % s == 0 and u != "week"), key=lambda us: us[1])
    return f"{seconds // size} {unit}{'' if seconds == size else 's'}"


def policy_from(table: Mapping[str, Any], place: str = "policy") -> Policy:
    """The policy that a `policy` table states: the knobs' own names, over a preset. Raises ValueError."""
    _only(table, ("preset", *_KNOBS), place)
    base = PRESETS[_word(table.get("preset", "source"), PRESETS, f"{place}.preset")]
    values = {f.name: getattr(base, f.name) for f in fields(Policy)}
    for knob, value in table.items():
        where = f"{place}.{knob}"
        match knob:
            case "pending_expires_after" | "grant_lasts":
                values[knob] = None if value in ("never", "until the ticket closes") else duration(value, where)
            case "history_days":
                values[knob] = _typed(value, int, where)
            case "ask_again_after_grant":
                values[knob] = _typed(value, bool, where)
            case "visibility":
                values[knob] = _visibility(values[knob], _typed(value, dict, where), where)
            case "approval" | "history_from":
                values[knob] = _word(value, tuple(type(values[knob])), where)
    if set(table) - {"preset"}:
        values |= {"title": "", "read_in": ""}
    try:
        return Policy(**values)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from None


def policy_table(policy: Policy) -> dict[str, Any]:
    """The policy in the words of a scenario file; `policy_from` reads it back."""
    return {
        "approval": str(policy.approval),
        "pending_expires_after": _limit_text(policy.pending_expires_after, "never"),
        "grant_lasts": _limit_text(policy.grant_lasts, "until the ticket closes"),
        "history_days": policy.history_days,
        "history_from": str(policy.history_from),
        "visibility": {
            str(status): [str(side) for side in Side if policy.sees(status, side)] for status in Status
        },
        "ask_again_after_grant": policy.ask_again_after_grant,
    }


def _limit_text(limit: timedelta | None, without: str) -> str:
    return without if limit is None else duration_text(limit)


def _visibility(base: Iterable[tuple[Status, Side]], table: dict[str, Any], place: str) -> frozenset[tuple[Status, Side]]:
    pairs = set(base)
    for name, sides in table.items():
        status = Status(_word(name, tuple(Status), place))
        pairs = {pair for pair in pairs if pair[0] is not status}
        pairs |= {(status, Side(_word(s, tuple(Side), f"{place}.{name}"))) for s in _typed(sides, list, f"{place}.{name}")}
    return frozenset(pairs)


class _Reader:
    """Reads one file; remembers which tickets and access requests its steps have named so far."""

    def __init__(self, table: dict[str, Any]) -> None:
        known = ("title", "summary", "starts", "policy", "tenants", "engineers", "people", "background", "steps")
        _only(table, known, "")
        self.table = table
        self.tickets: list[str] = []
        self.requests: list[str] = []

    def scenario(self, text: str) -> Scenario:
        starts = _typed(_needed(self.table, "starts", ""), datetime, "starts")
        if starts.tzinfo is not None:
            raise ValueError("starts: a time without an offset, in UTC, like 2026-03-02T09:00:00")
        self.directory = self._directory()
        background = self.table.get("background")
        return Scenario(
            title=_text(self.table, "title", ""),
            summary=_text(self.table, "summary", "", default=""),
            starts=starts,
            directory=self.directory,
            policy=policy_from(_typed(self.table.get("policy", {}), dict, "policy")),
            steps=tuple(
                self._step(_typed(step, dict, f"steps[{n}]"), f"steps[{n}]")
                for n, step in enumerate(_typed(self.table.get("steps", []), list, "steps"), start=1)
            ),
            background=None if background is None else self._background(_typed(background, dict, "background")),
            text=text,
        )

    def _directory(self) -> Directory:
        tenants = self._names("tenants")
        engineers = self._names("engineers")
        people: dict[str, str] = {}
        roles: dict[tuple[str, str], frozenset[str]] = {}
        for person, entry in _typed(_needed(self.table, "people", ""), dict, "people").items():
            place = f"people.{_id(person, 'people')}"
            _only(_typed(entry, dict, place), ("name", "roles"), place)
            people[person] = _text(entry, "name", place)
            for tenant, held in _typed(entry.get("roles", {}), dict, f"{place}.roles").items():
                where = f"{place}.roles.{tenant}"
                _word(tenant, tenants, f"{place}.roles")
                roles[person, tenant] = frozenset(_word(role, ROLES, where) for role in _typed(held, list, where))
        return Directory(tenants, people, engineers, roles)

    def _names(self, key: str) -> dict[str, str]:
        table = _typed(_needed(self.table, key, ""), dict, key)
        if not table:
            raise ValueError(f"{key}: at least one is needed")
        return {_id(name, key): _text(table, name, key) for name in table}

    def _background(self, table: dict[str, Any]) -> Background:
        known = {f.name: f.default for f in fields(Background)}
        _only(table, tuple(known), "background")
        for key, value in table.items():
            _typed(value, int if isinstance(known[key], int) else (int, float), f"background.{key}")
        try:
            return Background(**table)
        except ValueError as error:
            raise ValueError(f"background: {error}") from None

    def _step(self, table: dict[str, Any], place: str) -> Step:
        do = table.get("do")
        needs, may = _DO[_word(do, _DO, f"{place}.do")] if do is not None else ((), ())
        _only(table, (*_STEP, *needs, *may), place)
        for key in needs:
            _needed(table, key, place)
        if do is None and (stray := {"by", "refused"} & set(table)):
            raise ValueError(f"{place}: {min(stray)!r} needs a 'do'")
        command = self._command(do, table, place) if do is not None else None
        return Step(
            say=_text(table, "say", place, default=""),
            wait=duration(table["wait"], f"{place}.wait") if "wait" in table else timedelta(0),
            by=self._actor(_text(table, "by", place), f"{place}.by") if do is not None else None,
            command=command,
            name={"open-ticket": table.get("ticket"), "request-access": table.get("request")}.get(do or ""),
            refused=Code(_word(table["refused"], tuple(Code), f"{place}.refused")) if "refused" in table else None,
            expect=self._expect(_typed(table.get("expect", {}), dict, f"{place}.expect"), f"{place}.expect"),
            access={
                _word(tenant, self.directory.tenants, f"{place}.access"): _typed(may, bool, f"{place}.access.{tenant}")
                for tenant, may in _typed(table.get("access", {}), dict, f"{place}.access").items()
            },
        )

    def _command(self, do: str, table: dict[str, Any], place: str) -> Command:
        def given(key: str, check: Callable[[Any], Any]) -> dict[str, Any]:
            return {key: check(table[key])} if key in table else {}

        def known(key: str, words: Iterable[str]) -> str:
            return _word(table[key], words, f"{place}.{key}")

        try:
            match do:
                case "open-ticket":
                    self._new(table["ticket"], self.tickets, f"{place}.ticket")
                    return OpenTicket(
                        title=_text(table, "title", place),
                        engineer=known("engineer", self.directory.engineers)
                        if "engineer" in table
                        else next(iter(self.directory.engineers)),
                        **given("severity", lambda value: _typed(value, str, f"{place}.severity")),
                        **given("advanced_diagnostics", lambda value: _typed(value, bool, f"{place}.advanced_diagnostics")),
                    )
                case "request-access":
                    ticket = known("ticket", self.tickets)
                    self._new(table["request"], self.requests, f"{place}.request")
                    tenant = known("resource_tenant", self.directory.tenants)
                    return RequestAccess(
                        ticket, tenant, **given("reason", lambda value: _typed(value, str, f"{place}.reason"))
                    )
                case "close-ticket":
                    return CloseTicket(known("ticket", self.tickets))
                case "read-diagnostics":
                    return ReadDiagnostics(
                        known("ticket", self.tickets),
                        known("tenant", self.directory.tenants),
                        **given("category", lambda value: _word(value, CATEGORIES, f"{place}.category")),
                    )
                case _:
                    decision = {"approve": Approve, "reject": Reject, "revoke": Revoke}[do]
                    return decision(known("request", self.requests))
        except ValueError as error:
            raise ValueError(str(error) if str(error).startswith(place) else f"{place}: {error}") from None

    def _new(self, name: object, names: list[str], place: str) -> None:
        if _id(name, place) in names:
            raise ValueError(f"{place}: {name!r} was named before")
        names.append(str(name))

    def _actor(self, by: str, place: str) -> Member | Engineer:
        person, at, tenant = by.partition("@")
        if not at:
            if by in self.directory.people:
                raise ValueError(f"{place}: in which tenant does {by!r} act? Write {by}@tenant")
            return Engineer(_word(by, self.directory.engineers, place))
        _word(person, self.directory.people, place)
        _word(tenant, self.directory.tenants, place)
        if not self.directory.knows(person, tenant):
            raise ValueError(f"{place}: {person!r} has no entry for {tenant!r} in people.{person}.roles (it may be [])")
        return Member(person, tenant)

    def _expect(self, table: dict[str, Any], place: str) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for tenant, requests in table.items():
            where = f"{place}.{_word(tenant, self.directory.tenants, place)}"
            found[tenant] = {
                _word(request, self.requests, where): _word(status, (*Status, NOT_VISIBLE), f"{where}.{request}")
                for request, status in _typed(requests, dict, where).items()
            }
        return found


def _typed(value: Any, kind: Any, place: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        names = {dict: "a table", list: "a list", str: "a text", bool: "true or false", int: "a whole number"}
        wanted = names.get(kind) or ("a time like 2026-03-02T09:00:00" if kind is datetime else "a number")
        raise ValueError(f"{place}: {wanted} is wanted, not {value!r}")
    return value


def _needed(table: Mapping[str, Any], key: str, place: str) -> Any:
    if key not in table:
        raise ValueError(f"{_place(place, key)}: is missing")
    return table[key]


def _text(table: Mapping[str, Any], key: str, place: str, default: str | None = None) -> str:
    if key not in table and default is not None:
        return default
    text: str = _typed(_needed(table, key, place), str, _place(place, key))
    return text


def _id(name: object, place: str) -> str:
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name):
        raise ValueError(f"{place}: an id has lower-case letters, digits, - and _, at most 40; not {name!r}")
    return name


def _word(word: Any, known: Iterable[str], place: str) -> str:
    words = [str(k) for k in known]
    if isinstance(word, str) and word in words:
        return word
    nearest = get_close_matches(str(word), words, n=1)
    hint = f"did you mean {nearest[0]!r}?" if nearest else f"known: {', '.join(words[:12]) or 'none so far'}"
    raise ValueError(f"{place}: unknown {word!r}; {hint}")


def _only(table: Mapping[str, Any], known: Iterable[str], place: str) -> None:
    known = tuple(known)
    for key in table:
        if key not in known:
            nearest = get_close_matches(key, known, n=1)
            hint = f"did you mean {nearest[0]!r}?" if nearest else f"known: {', '.join(known)}"
            raise ValueError(f"{_place(place, key)}: unknown key; {hint}")


def _place(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
