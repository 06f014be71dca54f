"""Read scenario files. An unknown word is reported with the file, the line and the nearest known word."""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from data.files.shipped_files import shipped_files
from data.files.toml_reader import Value, parse, read_text
from data.scenario.policy_format import policy_from
from data.scenario.scenario import DIFFICULTIES, DO, MAKES, NOT_VISIBLE, Background, Choice, Notes, Quiz, Scenario, Step
from model import (
    AUDIT,
    CATEGORIES,
    ROLES,
    SEVERITIES,
    Code,
    Directory,
    Engineer,
    Member,
    OpenTicket,
    Policy,
    Status,
)
from model.limits import EARLIEST, LATEST, LONGEST_DURATION, MOST_TENANTS

MOST_STEPS = 1_000
"""The most steps of a story. More would be hard to follow and slow to play."""
MOST_CHOICES = 6
LONGEST_STORY = 600  # minutes
_CARD = ("minutes", "difficulty", "teaches")  # shown with the summary in the list of scenarios
_EXPECTED = ("expect", "access", "audit_log")
_ALWAYS = ("say", "wait", *_EXPECTED, "quiz", "notes")
_ACTIVITIES = tuple(dict.fromkeys(row.activity for row in AUDIT))


def read_scenario(path: str | Path) -> Scenario:
    """Return the scenario in a TOML file.

    Raises OSError if it cannot be read, ValueError (file, line, reason) if it is not a scenario.
    """
    return parse_scenario(read_text(path), Path(path).name)


def parse_scenario(text: str, file: str = "scenario") -> Scenario:
    """Return the scenario that a TOML text describes; `file` names it in errors. Raises ValueError."""
    return parse(text, file, lambda top: _scenario(top, text))


@cache
def scenarios() -> dict[str, Scenario]:
    """Return the shipped scenarios by name, which is the file's name.

    >>> scenarios()["rejection"].starts
    datetime.datetime(2026, 3, 2, 9, 0)
    """
    return {name: parse_scenario(text, file) for name, file, text in shipped_files("scenarios")}


def _scenario(top: Value, text: str) -> Scenario:
    needed = ("title", "starts", "tenants", "engineers", "people")
    given = top.table(needed, ("summary", *_CARD, "policy", "background", "steps"))
    starts, directory = given["starts"].time(), _directory(given)
    reader = _Steps(directory)
    if "steps" in given and len(given["steps"].each()) > MOST_STEPS:
        raise given["steps"].wrong(f"a story has at most {MOST_STEPS:,} steps, not {len(given['steps'].each()):,}")
    steps = tuple(reader.step(step) for step in given["steps"].each()) if "steps" in given else ()
    if starts < EARLIEST or sum((step.wait for step in steps), timedelta()) >= LATEST - starts:
        raise given["starts"].wrong(f"a story takes place in the years {EARLIEST.year} to {LATEST.year - 1}")
    return Scenario(
        title=given["title"].text(),
        summary=given["summary"].text() if "summary" in given else "",
        starts=starts,
        directory=directory,
        policy=policy_from(given["policy"]) if "policy" in given else Policy(),
        steps=steps,
        background=_background(given["background"]) if "background" in given else None,
        text=text,
        minutes=_minutes(given["minutes"]) if "minutes" in given else None,
        difficulty=given["difficulty"].word(DIFFICULTIES) if "difficulty" in given else "",
        teaches=given["teaches"].text() if "teaches" in given else "",
    )


def _minutes(value: Value) -> int:
    if not 1 <= (minutes := value.whole()) <= LONGEST_STORY:
        raise value.wrong(f"a story takes 1 to {LONGEST_STORY} minutes, not {minutes}")
    return minutes


def _notes(table: Value) -> Notes:
    given = table.table((), ("minutes", "say", "mistakes", "product"))
    minutes = _minutes(given["minutes"]) if "minutes" in given else None
    return Notes(minutes, **{key: given[key].text() for key in ("say", "mistakes", "product") if key in given})


def _background(table: Value) -> Background:
    given = table.table((), (f.name for f in fields(Background)))
    most = {"tenants": MOST_TENANTS, "days": LONGEST_DURATION.days}
    read: dict[str, Any] = {
        key: value.whole(most[key]) if key in most else value.number() for key, value in given.items()
    }
    return table.made(lambda: Background(**read))


def _directory(given: Mapping[str, Value]) -> Directory:
    ids: set[str] = set()  # tenants, people and engineers share one set of ids
    names: set[str] = set()

    def named(kind: str) -> dict[str, Value]:
        entries = given[kind].entries()
        for entry in entries.values():
            entry.key.id()
            entry.key.new(ids)
        return entries

    tenants, engineers = ({key: v.new(names) for key, v in named(kind).items()} for kind in ("tenants", "engineers"))
    for kind, found in (("tenants", tenants), ("engineers", engineers)):
        if not found:
            raise given[kind].wrong("at least one is needed")
    people: dict[str, str] = {}
    roles: dict[tuple[str, str], frozenset[str]] = {}
    for person, entry in named("people").items():
        known = entry.table(("name", "roles"))
        people[person] = known["name"].new(names)
        for tenant, held in known["roles"].entries().items():
            held.key.word(tenants)
            roles[person, tenant] = frozenset(role.word(ROLES) for role in held.each())
        if not known["roles"].entries():
            raise known["roles"].wrong("at least one tenant is needed, as in { contoso = [] }")
    return Directory(tenants, people, engineers, roles)


class _Steps:
    """Read the steps in order, and keep track of the tickets and access requests that they name."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.taken: set[str] = set()
        self.named: dict[str, list[str]] = {"ticket": [], "request": []}
        self.words: dict[str, Iterable[str]] = {  # key -> the words that it may have; texts are free
            **self.named,
            "engineer": directory.engineers,
            "tenant": directory.tenants,
            "resource_tenant": directory.tenants,
            "severity": SEVERITIES,
            "category": CATEGORIES,
        }

    def step(self, table: Value) -> Step:
        """Return the step that a table describes. Raises Misread."""
        given = table.entries()
        if not given:
            raise table.wrong("a step must say something, wait or do something")
        if "do" in given:
            act = self._act(table, given["do"].word(DO))
        elif stray := {"by", "refused"} & set(given):
            raise given[min(stray)].wrong("needs a 'do'")
        else:
            act = {}
            table.table((), _ALWAYS)
        return Step(
            say=given["say"].text() if "say" in given else "",
            wait=given["wait"].duration() if "wait" in given else timedelta(0),
            quiz=self._quiz(given["quiz"], acts="do" in given) if "quiz" in given else None,
            notes=_notes(given["notes"]) if "notes" in given else Notes(),
            **self._expected(given),
            **act,
        )

    def _expected(self, given: Mapping[str, Value]) -> dict[str, Any]:
        """Return the expectations of a step, or of a choice of its quiz."""
        return {
            "expect": {
                tenant: {key: s.word((*Status, NOT_VISIBLE)) for key, s in self._of("request", requests).items()}
                for tenant, requests in self._of("tenant", given.get("expect")).items()
            },
            "access": {tenant: may.flag() for tenant, may in self._of("tenant", given.get("access")).items()},
            "audit_log": {
                tenant: self._activities(tenant, added)
                for tenant, added in self._of("tenant", given.get("audit_log")).items()
            },
        }

    def _quiz(self, table: Value, *, acts: bool) -> Quiz:
        """Return the quiz that a table describes. Raises Misread."""
        given = table.table(("question", "choices", "right", "why"))
        choices = tuple(self._choice(choice, acts=acts) for choice in given["choices"].each())
        if not 2 <= len(choices) <= MOST_CHOICES:
            raise given["choices"].wrong(f"a quiz has 2 to {MOST_CHOICES} choices, not {len(choices)}")
        says = [choice.says for choice in choices]
        if len(set(says)) < len(says):
            raise given["choices"].wrong("two choices are the same")
        right = given["right"].word(says)
        return Quiz(given["question"].text(), choices, right, given["why"].text())

    def _choice(self, value: Value, *, acts: bool) -> Choice:
        """Return a choice: a text, or a table with its expectations."""
        if isinstance(value.it, str):
            return Choice(value.text())
        given = value.table(("says",), (*_EXPECTED, *(["refused"] if acts else [])))
        code = Code(given["refused"].word(Code)) if "refused" in given else None
        return Choice(given["says"].text(), code, **self._expected(given))

    def _of(self, kind: str, table: Value | None) -> dict[str, Value]:
        """Return the entries of a table whose keys are tenants or access requests."""
        entries = table.entries() if table else {}
        for entry in entries.values():
            entry.key.word(self.words[kind])
        return entries

    def _activities(self, tenant: str, added: Value) -> tuple[str, ...]:
        """Return the activities that a step adds to a tenant's audit log; somebody there must be able to read it."""
        if not self.directory.audit_log_readers(tenant):
            raise added.wrong("nobody in this tenant has a role that may read its audit log, such as Security Reader")
        return tuple(activity.word(_ACTIVITIES) for activity in added.each())

    def _act(self, table: Value, do: str) -> dict[str, Any]:
        command, makes = DO[do], MAKES.get(DO[do])
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
                raise by.wrong(f"name the tenant in which {who!r} acts: write {who}@tenant")
            return Engineer(by.word(self.directory.engineers))
        Value(who, by.path).word(self.directory.people)
        Value(tenant, by.path).word(self.directory.tenants)
        if not self.directory.knows(who, tenant):
            raise by.wrong(f"{who!r} has no entry for {tenant!r} in people.{who}.roles (it may be [])")
        return Member(who, tenant)
