"""Compare what a step expects with what is seen after it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from data.scenario.scenario import NOT_VISIBLE, Choice, Quiz, Step
from model import Case, Directory, Policy, Refused, visibility


@dataclass(frozen=True, slots=True)
class Played:
    """A step that was played: its number from 1, the refusal if there was one, and which of its expectations failed."""

    number: int
    step: Step
    refusal: Refused | None
    failures: tuple[str, ...]


def compare_expectations(
    step: Step,
    refusal: Refused | None,
    statuses: Mapping[str, Mapping[str, str]],
    readable: Collection[str],
    logged: Mapping[str, Sequence[str]],
) -> tuple[str, ...]:
    """Return a sentence for each expectation of the step that failed, or of a choice of its quiz.

    `refusal`: the refusal of the step, if any. `statuses`: for each tenant of `step.tenants`, the status of each access
    request that its administrators find. `readable`: the tenants whose data an engineer of the story may read.
    `logged`: for each such tenant, the activities that the step added to its log, the oldest first.
    """
    found = refusal, statuses, readable, logged
    return (*_failures(step, *found), *(_quiz_failures(step.quiz, *found) if step.quiz else ()))


def _quiz_failures(
    quiz: Quiz,
    refusal: Refused | None,
    statuses: Mapping[str, Mapping[str, str]],
    readable: Collection[str],
    logged: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    """Yield a sentence for each choice that is marked as right and is not, or the other way round."""
    for choice in quiz.choices:
        if not choice.is_proved:
            continue
        came = refusal if choice.refused else None
        wrong = [*_failures(choice, came, statuses, readable, logged)]
        if choice.says == quiz.right and wrong:
            yield f"the quiz's choice {choice.says!r} is marked as right, but {'; '.join(wrong)}"
        elif choice.says != quiz.right and not wrong:
            yield f"the quiz's choice {choice.says!r} is not marked as right, but everything it expects holds"


def _failures(
    step: Step | Choice,
    refusal: Refused | None,
    statuses: Mapping[str, Mapping[str, str]],
    readable: Collection[str],
    logged: Mapping[str, Sequence[str]],
) -> Iterator[str]:
    if (refusal and refusal.code) is not step.refused:
        wanted = f"refused with {step.refused}" if step.refused else "carried out"
        was = f"refused with {refusal.code} ({refusal.sentence})" if refusal else "carried out"
        yield f"the step should be {wanted}, but was {was}"
    for tenant, requests in step.expect.items():
        for request, wanted in requests.items():
            if (found := statuses[tenant].get(request, NOT_VISIBLE)) != wanted:
                yield f"in {tenant}, {request} should be {wanted}, but is {found}"
    for tenant, may in step.access.items():
        if (tenant in readable) is not may:
            should, can = ("should", "cannot") if may else ("should not", "can")
            yield f"the engineer {should} be able to read {tenant}, but {can}"
    for tenant, added in step.audit_log.items():
        if tuple(logged[tenant]) != tuple(added):
            yield f"the audit log of {tenant} should get {_listed(added)}, but got {_listed(logged[tenant])}"


def _listed(activities: Sequence[str]) -> str:
    return ", ".join(activities) or "no line"


def statuses_of(case: Case, tenant: str, directory: Directory, policy: Policy, now: datetime) -> dict[str, str]:
    """Return the status that an administrator of the tenant finds for each access request of a case, or NOT_VISIBLE."""
    found = visibility.statuses_found(case, tenant, directory, policy, now)
    return {request: str(status) if status else NOT_VISIBLE for request, status in found.items()}
