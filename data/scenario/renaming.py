"""Replace the ids and names of a story's tenants, people and engineers, also in its texts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from data.scenario.reader import parse_scenario
from data.scenario.scenario import Choice, Quiz, Scenario, Step
from data.scenario.writer import scenario_text
from model import Actor, Command, Directory, Engineer, Member
from model.commands import LONGEST_TEXT

_SHORTEST = 3  # characters of a part of a name that is replaced in texts


@dataclass(frozen=True)
class Renaming:
    """Which id replaces which. `before` and `after` are the whole directories."""

    tenants: Mapping[str, str]
    people: Mapping[str, str]
    engineers: Mapping[str, str]
    before: Directory
    after: Directory
    spoken: Directory  # those whom texts also call by a part of their name, as in "Adele"

    def story(self, story: Scenario) -> Scenario:
        """Return the story with the new ids, and with the new names in place of the old ones in its texts."""
        changed = replace(
            story,
            title=self.text(story.title),
            summary=self.text(story.summary),
            teaches=self.text(story.teaches),
            directory=self.directory(story.directory),
            steps=tuple(map(self._step, story.steps)),
        )
        return parse_scenario(scenario_text(changed), "the story with new names")

    def directory(self, of: Directory) -> Directory:
        """Return a directory (the whole one, or the story's part of it) with the new ids and names."""
        return Directory(
            {self.tenants[it]: self.after.tenants[self.tenants[it]] for it in of.tenants},
            {self.people[it]: self.after.people[self.people[it]] for it in of.people},
            {self.engineers[it]: self.after.engineers[self.engineers[it]] for it in of.engineers},
            {(self.people[person], self.tenants[tenant]): held for (person, tenant), held in of.roles.items()},
        )

    def text(self, text: str) -> str:
        """Return a text with the new names and ids in place of the old ones, as whole words."""
        return self._pattern.sub(lambda found: self._words[found[0]], text) if self._words else text

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted(self._words, key=len, reverse=True)
        return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    @cached_property
    def _words(self) -> dict[str, str]:
        """Return the replacement of each name, of the parts of spoken names, and of the ids of spoken names."""
        found: dict[str, str] = {}
        parts: dict[str, str] = {}
        for kind in ("tenants", "people", "engineers"):
            ids: Mapping[str, str] = getattr(self, kind)
            old, new, spoken = (getattr(each, kind) for each in (self.before, self.after, self.spoken))
            for id_, name in old.items():
                found.setdefault(name, new[ids[id_]])
                if id_ in spoken:
                    parts.setdefault(id_, ids[id_])
                    first, *_, last = (name.split() or [""]) * 2
                    parts.setdefault(first, new[ids[id_]].split()[0])
                    if kind != "tenants":
                        parts.setdefault(last, new[ids[id_]].split()[-1])
        return {part: new for part, new in parts.items() if len(part) >= _SHORTEST} | found

    def _step(self, step: Step) -> Step:
        notes = replace(
            step.notes,
            say=self.text(step.notes.say),
            mistakes=self.text(step.notes.mistakes),
            product=self.text(step.notes.product),
        )
        by, command, quiz = self._actor(step.by), self._command(step.command), self._quiz(step.quiz)
        expected = self._expected(step)
        return replace(step, say=self.text(step.say), by=by, command=command, quiz=quiz, notes=notes, **expected)

    def _actor(self, actor: Actor | None) -> Actor | None:
        match actor:
            case Member(person, tenant):
                return Member(self.people[person], self.tenants[tenant])
            case Engineer(engineer):
                return Engineer(self.engineers[engineer])
        return None

    def _command(self, command: Command | None) -> Command | None:
        if command is None:
            return None
        given = {it.name: getattr(command, it.name) for it in fields(command)}
        for key in given.keys() & {"tenant", "resource_tenant"}:
            given[key] = self.tenants[given[key]]
        for key in given.keys() & {"title", "reason", "note"}:
            given[key] = self.text(given[key])[:LONGEST_TEXT] if given[key] else given[key]
        if given.get("engineer") is not None:
            given["engineer"] = self.engineers[given["engineer"]]
        return type(command)(**given)

    def _expected(self, of: Step | Choice) -> dict[str, Any]:
        return {
            kind: {self.tenants[tenant]: it for tenant, it in getattr(of, kind).items()}
            for kind in ("expect", "access", "audit_log")
        }

    def _quiz(self, quiz: Quiz | None) -> Quiz | None:
        if quiz is None:
            return None
        choices = tuple(replace(one, says=self.text(one.says), **self._expected(one)) for one in quiz.choices)
        return Quiz(self.text(quiz.question), choices, self.text(quiz.right), self.text(quiz.why))
