"""Build the steps of a story from what happens to one case, each with its expectations."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from data.scenario.expectations import statuses_of
from data.scenario.reader import parse_scenario
from data.scenario.scenario import Scenario, Step
from data.scenario.writer import scenario_text
from model import Actor, Case, Command, Directory, Event, FallDue, Policy, Refused, Request, carry_out, visibility

Expected = Mapping[str, Mapping[str, str]]
"""Tenant -> access request -> status, or NOT_VISIBLE."""


class StoryBuilder:
    """Track the case and the clock of a story while its narrator waits, acts and adds steps.

    Wait and act first, then `add` the step that describes it. The step gets the time waited since the last one, what
    both tenants find, whether the engineer may read the resource tenant, and what was logged in the audit logs that
    somebody in the story may read.
    """

    def __init__(self, directory: Directory, policy: Policy, starts: datetime, support: str, resource: str) -> None:
        self.directory, self.policy, self.starts = directory, policy, starts
        self.now = starts
        self.case: Case | None = None
        self.events: list[Event] = []
        self.steps: list[Step] = []
        self._tenants, self._resource = (support, resource), resource
        self._waited = timedelta(0)  # since the last step
        self._logged: dict[str, int] = {}  # the lines of each tenant's audit log at the last step

    @property
    def requests(self) -> tuple[Request, ...]:
        """The access requests so far."""
        return self.case.requests if self.case else ()

    def wait(self, until: datetime) -> list[Request]:
        """Move the clock, and return the requests that fell due on the way, in their new state."""
        due = {r.id: r.due_at for r in self.requests if r.due_at and r.due_at <= until}
        for request in sorted(due, key=due.__getitem__):
            self._carry_out(FallDue(request), None, due[request], "")
        self._waited += until - self.now
        self.now = until
        return [request for request in self.requests if request.id in due]

    def act(self, command: Command, actor: Actor, name: str | None = None) -> Refused | None:
        """Carry out a command, which may create something of this name; return the refusal if it is refused."""
        try:
            self._carry_out(command, actor, self.now, name or "")
        except Refused as refused:
            return refused
        return None

    def expected(self) -> Expected:
        """Return the statuses that both tenants find now."""
        case = self.case
        if case is None or not case.requests:
            return {}
        return {t: statuses_of(case, t, self.directory, self.policy, self.now) for t in self._tenants}

    def newly_logged(self) -> dict[str, list[str]]:
        """Return what was added to each readable audit log since the last call."""
        cases, added = {case.ticket_id: case for case in [self.case] if case}, {}
        for tenant in self._tenants:
            for reader in self.directory.audit_log_readers(tenant)[:1]:
                log = visibility.audit_log(self.events, cases, reader, self.directory)[::-1]
                added[tenant] = [entry.activity for entry in log[self._logged.get(tenant, 0) :]]
                self._logged[tenant] = len(log)
        return added

    def may_be_read(self) -> bool:
        """Return whether the engineer may read the resource tenant now."""
        return bool(self.case and self.case.may_be_read(self._resource))

    def add(
        self,
        say: str,
        by: Actor | None = None,
        command: Command | None = None,
        name: str | None = None,
        refused: Refused | None = None,
        *,
        access_from_the_start: bool = False,
    ) -> None:
        """Add a step. With `access_from_the_start` it expects no access even before the first access request."""
        access = {self._resource: self.may_be_read()} if self.requests or access_from_the_start else {}
        code = refused.code if refused else None
        seen = self.expected(), access, self.newly_logged()
        self.steps.append(Step(say, self._waited, by, command, name, code, *seen))
        self._waited = timedelta(0)

    def scenario(self, title: str, summary: str, file: str) -> Scenario:
        """Return the story as a scenario that can be played; `file` names it in errors."""
        story = Scenario(
            title, summary, self.starts, self.directory, self.policy, tuple(self.steps), background=None, text=""
        )
        return parse_scenario(scenario_text(story), file)

    def _carry_out(self, command: Command, actor: Actor | None, at: datetime, new_id: str) -> None:
        events, self.case = carry_out(
            self.case, command, actor=actor, directory=self.directory, policy=self.policy, at=at, new_id=new_id
        )
        self.events += events
