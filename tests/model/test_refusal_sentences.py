"""What is told to each kind of actor, for each command: the refusals' codes and sentences, as a table."""

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
    """No case, and one in each state that a case can be in."""
    yield None
    yield from (case_of(stands, ticket, limits) for stands, ticket in product(STANDS, TICKETS))


def told(policy: Policy) -> Iterator[str]:
    """A line for each refusal that an actor meets: who, the command, the code and the sentence."""
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
    """The refusals under each policy; those of the first policy are not repeated under the others."""
    text, known = "", set[str]()
    for name, policy in POLICIES.items():
        lines = [line for line in told(policy) if line not in known]
        known.update(lines)
        text += "\n".join([f"# {name}", *lines, "", ""])
    return text


def test_each_actor_is_told_what_the_table_says():
    """No other sentence, for nobody, whatever the case and whatever the command."""
    assert table() == WRITTEN.read_text(encoding="utf-8")


def test_who_can_never_do_it_is_told_the_same_of_every_case():
    """Whether the case exists, and how it is, tells nothing to an actor whom the command is not for."""
    lines = Counter(line.split(": ")[0] for line in WRITTEN.read_text(encoding="utf-8").split("\n"))
    for kind in ("a member without the permission", "another engineer"):
        for act in COMMANDS:
            found = [line for line in lines if line.startswith(f"{kind} | {act} | ")]
            assert len(found) == 1 and lines[found[0]] == 1, found


def test_only_a_member_is_told_of_roles():
    """An engineer has no roles in a tenant, and nobody has none either."""
    for line in WRITTEN.read_text(encoding="utf-8").split("\n"):
        assert ("role" in line) is (line.startswith("a member without") and "no-permission: You" in line), line
