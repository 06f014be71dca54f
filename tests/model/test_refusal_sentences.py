"""The codes and sentences of all refusals, by kind of actor and command, as a table."""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from model import (
    Actor,
    Approval,
    Case,
    CloseTicket,
    Command,
    FallDue,
    Justification,
    OpenTicket,
    Policy,
    Refused,
    RequestAccess,
    Side,
    Status,
    decide,
)
from tests.model import world
from tests.model.test_truth_table import ASKS, NOW, STANDS, TICKETS, case_of

KINDS: dict[str, tuple[Actor | None, ...]] = {
    "an administrator": (world.ADELE, world.ADELE_IN_FABRIKAM, world.CARLA, world.FELIX, world.TESS),
    "a member without the permission": (world.CLEO, world.FINN, world.SOL, world.SOL_IN_FABRIKAM),
    "the assigned engineer": (world.SAM,),
    "another engineer": (world.KIM,),
    "nobody": (None,),
}
COMMANDS: dict[str, tuple[Command, ...]] = {
    "open": (OpenTicket("Title", engineer="sam"), OpenTicket("Title", engineer="unknown")),
    "request": tuple(command for command in ASKS.values() if isinstance(command, RequestAccess)),
    **{act: (ASKS[act], ASKS[f"{act} with a note"]) for act in ("approve", "reject", "revoke")},
    "close": (CloseTicket("t1"),),
    **{act: tuple(ASKS[asks] for asks in ASKS if asks.startswith(act)) for act in ("read", "write")},
    "fall due": (FallDue("r1"),),
}
POLICIES = {
    "the source's policy, with limits of time": world.LIMITED,
    "the resource tenant decides, and everything is visible": Policy(
        approval=Approval.RESOURCE, visibility=frozenset(product(Status, Side))
    ),
    "two keys": Policy(approval=Approval.EACH),
    "a justification is required": Policy(justification=Justification.REQUIRED),
}
WRITTEN = Path(__file__).with_name("refusal_sentences.txt")


def cases(limits: bool) -> Iterator[Case | None]:
    """Return no case, and a case in each possible state."""
    yield None
    yield from (case_of(stands, ticket, limits) for stands, ticket in product(STANDS, TICKETS))


def told(policy: Policy) -> Iterator[str]:
    """Return a line for each refusal that an actor can get: actor, command, code and sentence."""
    every_case = tuple(cases(policy.pending_expires_after is not None))
    for kind, act in product(KINDS, COMMANDS):
        met: dict[str, None] = {}
        for actor, command, case in product(KINDS[kind], COMMANDS[act], every_case):
            try:
                decide(case, command, actor=actor, directory=world.DIRECTORY, policy=policy, at=NOW, new_id="r2")
            except Refused as refused:
                met[f"{refused.code}: {refused.sentence}"] = None
        yield from (f"{kind} | {act} | {refusal}" for refusal in sorted(met))


def table() -> str:
    """Return the refusals under each policy, without repeating those of the first policy."""
    text, known = "", set[str]()
    for name, policy in POLICIES.items():
        lines = [line for line in told(policy) if line not in known]
        known.update(lines)
        text += "\n".join([f"# {name}", *lines, "", ""])
    return text


def test_each_actor_gets_the_sentences_of_the_table():
    """There is no other sentence, for any actor, case or command."""
    assert table() == WRITTEN.read_text(encoding="utf-8")


def test_an_actor_who_can_never_do_it_gets_the_same_answer_for_every_case():
    """The answer does not reveal whether the case exists, or its state."""
    lines = Counter(line.split(": ")[0] for line in WRITTEN.read_text(encoding="utf-8").split("\n"))
    for kind in ("a member without the permission", "another engineer"):
        for act in COMMANDS:
            found = [line for line in lines if line.startswith(f"{kind} | {act} | ")]
            assert len(found) == 1 and lines[found[0]] == 1, found


def test_only_a_members_refusal_mentions_roles():
    """Neither an engineer nor an automated act has roles in a tenant."""
    for line in WRITTEN.read_text(encoding="utf-8").split("\n"):
        assert ("role" in line) is (line.startswith("a member without") and "no-permission: You" in line), line
