"""Write any Scenario as TOML text for the reader.

So a generated scenario can be opened as a room, played, checked and edited like one that a trainer wrote.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from datetime import datetime
from textwrap import wrap
from typing import Any

from data.files.durations import duration_text
from data.scenario.policy_format import policy_table, without_same
from data.scenario.scenario import DO, MAKES, Choice, Quiz, Scenario, Step
from model import PRESETS, Directory, Engineer, OpenTicket, Policy

_WIDTH = 120  # of a line of prose


def scenario_text(scenario: Scenario) -> str:
    """Return the TOML of a scenario, whatever its `text`; `parse_scenario` reads an equal one from it.

    In prose (`say`, `summary`, `teaches`) runs of white space become single spaces.
    """
    people = scenario.directory
    card = {"minutes": scenario.minutes, "difficulty": scenario.difficulty}
    top = {**card, "starts": scenario.starts, "policy": policy_differences(scenario.policy)}
    parts = [lines({"title": scenario.title}) + lines(top, summary=scenario.summary, teaches=scenario.teaches)]
    parts += [_table(name, getattr(people, name)) for name in ("tenants", "engineers")]
    for person, name in people.people.items():
        roles = {tenant: sorted(held) for (who, tenant), held in people.roles.items() if who == person}
        parts.append(_table(f"people.{person}", {"name": name, "roles": roles}))
    if not people.people:
        parts.append("[people]\n")
    if scenario.background:
        parts.append(_table("background", asdict(scenario.background)))
    parts += ["[[steps]]\n" + _step(step, people) for step in scenario.steps]
    return "\n".join(parts)


def policy_differences(policy: Policy) -> dict[str, Any]:
    """Return the shortest policy table for the policy: a preset's name, or the settings that differ from the source."""
    if policy in PRESETS.values():
        name = next(name for name, preset in PRESETS.items() if preset == policy)
        return {} if policy == PRESETS["source"] else {"preset": name}
    return without_same(policy_table(policy), policy_table(PRESETS["source"]))


def _step(step: Step, people: Directory) -> str:
    given: dict[str, Any] = {"wait": duration_text(step.wait) if step.wait else ""}
    if step.command and step.by:
        kind = type(step.command)
        given["by"] = step.by.id if isinstance(step.by, Engineer) else f"{step.by.person}@{step.by.tenant}"
        given["do"] = next(do for do, command in DO.items() if command is kind)
        defaults = {"engineer": next(iter(people.engineers), None)} if kind is OpenTicket else {}
        about = [it for it in fields(kind) if it.name.endswith("_id")]
        given |= {it.name.removesuffix("_id"): getattr(step.command, it.name) for it in about}
        if kind in MAKES:
            given[MAKES[kind]] = step.name
        for it in fields(kind):
            value = getattr(step.command, it.name)
            if it not in about and (it.default is MISSING or value not in (it.default, defaults.get(it.name))):
                given[it.name] = value
        given["refused"] = step.refused
    written = lines({**given, **_expected(step)}, say=step.say) or 'wait = "0 days"\n'
    if notes := step.notes:
        prose = {"say": notes.say, "mistakes": notes.mistakes, "product": notes.product}
        written += "[steps.notes]\n" + lines({"minutes": notes.minutes}, **prose)
    return written + (_quiz(step.quiz) if step.quiz else "")


def _expected(step: Step | Choice) -> dict[str, Any]:
    return {
        "expect": {tenant: dict(requests) for tenant, requests in step.expect.items()},
        "access": dict(step.access),
        "audit_log": {tenant: list(added) for tenant, added in step.audit_log.items()},
    }


def _quiz(quiz: Quiz) -> str:
    written = "[steps.quiz]\n" + lines({"right": quiz.right}, question=quiz.question, why=quiz.why) + "choices = [\n"
    for choice in quiz.choices:
        entries = {"says": choice.says, "refused": choice.refused, **_expected(choice)}
        given = {key: it for key, it in entries.items() if it}
        written += f"    {_value(given if choice.is_proved else choice.says)},\n"
    return f"{written}]\n"


def _table(name: str, entries: Mapping[str, Any]) -> str:
    return f"[{name}]\n" + "".join(f"{key} = {_value(value)}\n" for key, value in entries.items())


def lines(entries: Mapping[str, Any], **prose: str) -> str:
    """Return the non-empty entries of a table, a line each, after the prose, which is folded if it is long."""
    written = ""
    for key, text in prose.items():
        if len(line := f"{key} = {_value(text)}") > _WIDTH:
            folded = wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
            line = "\n".join([f'{key} = """', *(_value(part)[1:-1] for part in folded), '"""'])
        written += f"{line}\n" if text.split() else ""
    return written + "".join(f"{k} = {_value(v)}\n" for k, v in entries.items() if v not in ("", None, {}))


def _value(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():  # TOML has JSON's escapes, but takes no DEL as it is
            return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
        case datetime():
            return value.isoformat()
        case Mapping():
            return f"{{ {', '.join(f'{key} = {_value(it)}' for key, it in value.items())} }}" if value else "{}"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return repr(value)
