"""Write a fit as an experiment's file, which `python -m data compare` runs; comments say what each number rests on."""

from collections.abc import Iterable
from textwrap import wrap
from typing import Any

from data.fitting.findings import Finding
from data.scenario.policy_format import policy_table, without_same
from data.scenario.writer import lines
from data.simulation.behaviour_table import behaviour_table
from model import Policy
from model.simulation import Behaviour

_WIDTH = 118


def experiment_text(findings: Iterable[Finding], behaviour: Behaviour, policy: Policy, tickets: int) -> str:
    """Return the TOML of an experiment in which people act as in the data, under their policy and another one."""
    head = lines(
        {"tickets": 10_000, "replications": 10},
        title="As in the data",
        summary=f"People act as {tickets:,} support requests show; what data cannot show is assumed.",
    )
    written = behaviour_table(behaviour)
    numbers = "\n".join(f"{_comment(each)}{lines({each.name: written[each.name]})}" for each in findings)
    changed = without_same(policy_table(policy), policy_table(Policy()))
    base = f"[base.policy]\n{lines(changed)}\n" if changed else ""
    arms: list[dict[str, Any]] = [
        {"name": "as in the data"},
        {"name": "expires after 4 days", "policy": {"pending_expires_after": "4 days"}},
    ]
    return "\n".join([head, f"{base}[base.behaviour]\n{numbers}", *("[[arms]]\n" + lines(arm) for arm in arms)])


def _comment(found: Finding) -> str:
    says = f"{'Learned' if found.learned else 'Assumed'}: {' '.join(found.reason.split())}."
    return "".join(f"# {line}\n" for line in wrap(says, _WIDTH))
