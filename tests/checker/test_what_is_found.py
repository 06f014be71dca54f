"""The checker's findings, figure by figure and word for word, in worlds so small that a person can follow every move.

They are in `what_is_found.txt`, for people to read. After a change of the checker, rewrite the file and read the diff:

    python -m tests.checker.test_what_is_found
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from model import (
    SOURCE_VISIBILITY,
    Action,
    Approval,
    Case,
    Command,
    Event,
    HistoryFrom,
    Member,
    Policy,
    Side,
    Status,
    rules,
    visibility,
)
from model.checker import Promise, Report, check
from model.checker.promise_names import CONSENT, JUMP, NO_STRANGERS
from model.checker.promises import name_of
from model.checker.small_world import ENGINEER, OTHER_RESOURCE, OUTSIDER, RESOURCE, SUPPORT, Bounds
from model.checker.state import Move, State, Step
from model.checker.world import World
from model.directory import Actor
from tests.checker.faults import LIMITS, SOURCE, Fault
from tests.checker.faults_in_rules import IN_RULES
from tests.checker.faults_in_visibility import IN_VISIBILITY

FOUND = Path(__file__).with_name("what_is_found.txt")
DAY = timedelta(days=1)
ONE_REQUEST = Bounds(tickets=1, requests=1, ticks=0, everybody=False, around=False, resource_tenants=1)
TWO_REQUESTS = Bounds(tickets=2, requests=2, ticks=0, everybody=False, around=False, resource_tenants=1)
EVERYBODY = Bounds(tickets=1, requests=1, ticks=1)
TWO_TENANTS = Bounds(tickets=1, requests=2, ticks=0, everybody=False, around=False)
POLICIES: dict[str, Policy] = {
    "the source's": SOURCE,
    "limits": LIMITS,
    "two keys": Policy(Approval.EACH, pending_expires_after=DAY),
    "the resource tenant, counted from the request": Policy(
        Approval.RESOURCE, grant_lasts=DAY, history_days=1, history_from=HistoryFrom.CREATED
    ),
    "everything visible": Policy(visibility=frozenset((status, side) for status in Status for side in Side)),
    "nothing visible": Policy(visibility=frozenset()),
    "asking again": Policy(ask_again_after_grant=True),
    "a live grant hidden": Policy(visibility=SOURCE_VISIBILITY - {(Status.APPROVED, Side.RESOURCE)}),
    "two keys, and one tenant that does not see the lock": Policy(
        Approval.EACH, visibility=SOURCE_VISIBILITY - {(Status.PENDING, Side.SUPPORT)}
    ),
    "a live grant seen on the other side": Policy(
        Approval.RESOURCE,
        visibility=SOURCE_VISIBILITY - {(Status.APPROVED, Side.RESOURCE)} | {(Status.APPROVED, Side.SUPPORT)},
    ),
    "a live grant seen on the other side, by who approved it": Policy(
        visibility=SOURCE_VISIBILITY - {(Status.APPROVED, Side.RESOURCE)} | {(Status.APPROVED, Side.SUPPORT)},
    ),
}


def seen_as(patch: pytest.MonkeyPatch, where: str, tenant: str, *names: str) -> None:
    """Make these functions show a tenant's members what they would see in another tenant."""
    for name in names:
        patch.setattr(visibility, name, partial(_elsewhere, getattr(visibility, name), where, tenant))


def _elsewhere(found: Callable[..., Any], where: str, tenant: str, *given: Any) -> Any:
    return found(*(Member(it.person, tenant) if isinstance(it, Member) and it.tenant == where else it for it in given))


def the_outsider_has_the_audit_log(patch: pytest.MonkeyPatch) -> None:
    """Show the audit log to a tenant that has no part."""
    seen_as(patch, OUTSIDER, SUPPORT, "audit_log")


def the_other_resource_tenant_has_the_audit_log(patch: pytest.MonkeyPatch) -> None:
    """Of what it was not asked for."""
    seen_as(patch, OTHER_RESOURCE, RESOURCE, "audit_log")


def the_other_resource_tenant_has_the_lists(patch: pytest.MonkeyPatch) -> None:
    """Of what it was not asked for."""
    seen_as(patch, OTHER_RESOURCE, RESOURCE, "pending", "approved_access", "request_as_seen")


def the_other_resource_tenant_is_told(patch: pytest.MonkeyPatch) -> None:
    """Answer decisions on requests that were made to another tenant."""
    ask = World.ask

    def elsewhere(self: World, state: State, actor: Actor | None, command: Command, *at: datetime) -> tuple[Event, ...]:
        return ask(self, state, Member("amal", RESOURCE) if actor == Member("amal", OTHER_RESOURCE) else actor, command)

    patch.setattr(World, "ask", elsewhere)


def data_at_home_are_kept(patch: pytest.MonkeyPatch) -> None:
    """Keep advanced diagnostics readable after the ticket was closed."""
    read = rules._read

    def reads(case: Case | None, command: Any, actor: Any, *rest: Any) -> tuple[Event, ...]:
        if case and case.closed_at and case.advanced_diagnostics and (actor, command.tenant) == (ENGINEER, SUPPORT):
            return (Event(rest[-1], Action.READ, case.ticket_id, actor, tenant=command.tenant),)
        return read(case, command, actor, *rest)

    patch.setattr(rules, "_read", reads)


def a_wait_that_ends_before_a_limit_does_not_count(patch: pytest.MonkeyPatch) -> None:
    """Move the clock only by waits that reach the next limit."""
    wait = World.wait

    def waits(self: World, state: State, length: timedelta) -> Move:
        ahead = self.next_moment(state)
        return Move(state, ()) if ahead and length < ahead else wait(self, state, length)

    patch.setattr(World, "wait", waits)


FAULTS = {str(fault): fault for fault in (*IN_RULES, *IN_VISIBILITY) if isinstance(fault.by, str)} | {
    str(fault): fault
    for fault in (
        *(Fault(the_outsider_has_the_audit_log, NO_STRANGERS), Fault(data_at_home_are_kept, CONSENT)),
        Fault(the_other_resource_tenant_has_the_audit_log, NO_STRANGERS),
        Fault(the_other_resource_tenant_has_the_lists, NO_STRANGERS),
        Fault(the_other_resource_tenant_is_told, NO_STRANGERS),
        Fault(a_wait_that_ends_before_a_limit_does_not_count, JUMP, policy=LIMITS),
    )
}


def figures(report: Report) -> Iterator[str]:
    """Yield the number of states and moves, and the test counts of each promise."""
    yield (
        f"    {report.explored} states, {report.by_symmetry} by symmetry, {report.represented} represented; "
        f"{report.transitions} moves, {report.pairs} pairs, depth {report.depth}"
    )
    yield f"    tested: {', '.join(str(found.tested) for found in report.promises)}"


def told(step: Step) -> str:
    """Return the short form of a step: actor and command, or a wait."""
    if isinstance(step.command, timedelta):
        return f"wait {step.command}"
    about = [getattr(step.command, name, "") for name in ("ticket_id", "request_id", "resource_tenant", "tenant")]
    return " ".join(filter(None, (name_of(step.actor), type(step.command).__name__, *about)))


def what_is_wrong(found: Promise) -> Iterator[str]:
    """Yield how a promise is broken: its words, the history, what shows it, and the history to compare with."""
    broken = found.counterexample
    assert broken
    yield f"    {found.name}{f' ({found.condition})' if found.condition else ''}: {broken.wrong}"
    yield f"        after: {', '.join(map(told, broken.history)) or 'nothing'}"
    if broken.shows:
        yield f"        shown by: {', '.join(map(told, broken.shows))}"
    if difference := broken.difference:
        asked = f" asks {type(difference.asked).__name__}" if difference.asked else ""
        yield f"        told from: {', '.join(map(told, difference.stays))}"
        yield f"        by: {name_of(difference.viewer)}{asked}"


def of_a_policy(name: str) -> list[str]:
    """Return the findings on a policy: figures of four worlds, and how promises break in the smallest."""
    lines = []
    for bounds in (ONE_REQUEST, TWO_REQUESTS, EVERYBODY, TWO_TENANTS):
        report = check(POLICIES[name], bounds)
        lines += figures(report)
        if bounds is ONE_REQUEST:
            lines += [line for found in report.promises if found.counterexample for line in what_is_wrong(found)]
    return lines


def of_a_fault(fault: Fault, patch: pytest.MonkeyPatch) -> list[str]:
    """Return the promises that a fault breaks, with one resource tenant if that is enough."""
    fault.switch(patch)
    for bounds in (TWO_REQUESTS, fault.bounds):
        broken = [found for found in check(fault.policy, bounds).promises if found.counterexample]
        if fault.by in {found.name for found in broken}:
            break
    return [line for found in broken for line in what_is_wrong(found) if not found.condition]


WRITTEN = {first: rest for first, *rest in (piece.splitlines() for piece in FOUND.read_text().split("\n\n"))}
"""The file's sections by title, read once, so that a run of mutants survives a change of the file."""


@pytest.mark.parametrize("name", POLICIES)
def test_the_findings_on_a_policy_are_those_of_the_file(name: str):
    """Compared are the figures, and how each promise breaks."""
    assert of_a_policy(name) == WRITTEN[f"Policy: {name}"]


@pytest.mark.parametrize("name", FAULTS)
def test_the_findings_on_a_fault_are_those_of_the_file(name: str, monkeypatch: pytest.MonkeyPatch):
    """Compared are the shortest history, and what is wrong at its end."""
    assert of_a_fault(FAULTS[name], monkeypatch) == WRITTEN[f"Fault: {name}"]


def test_the_file_has_no_other_section():
    """Every section is tested."""
    assert [*WRITTEN] == [*(f"Policy: {name}" for name in POLICIES), *(f"Fault: {name}" for name in FAULTS)]


if __name__ == "__main__":
    parts = [[f"Policy: {name}", *of_a_policy(name)] for name in POLICIES]
    for name, fault in FAULTS.items():
        with pytest.MonkeyPatch.context() as patch:
            parts.append([f"Fault: {name}", *of_a_fault(fault, patch)])
    FOUND.write_text("\n\n".join("\n".join(part) for part in parts) + "\n")
