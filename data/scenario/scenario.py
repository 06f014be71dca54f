"""A scenario: a TOML file that a trainer writes, a demo follows and a test runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from model import (
    Approve,
    CloseTicket,
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
    WriteDiagnostics,
)
from model.limits import LONGEST_DURATION, MOST_TENANTS, MOST_TICKETS_IN_A_ROOM

NOT_VISIBLE = "not visible"
DO: Mapping[str, type[Any]] = {
    "open-ticket": OpenTicket,
    "request-access": RequestAccess,
    "approve": Approve,
    "reject": Reject,
    "revoke": Revoke,
    "close-ticket": CloseTicket,
    "read-diagnostics": ReadDiagnostics,
    "write-diagnostics": WriteDiagnostics,
}
"""The command for each `do`. Its fields are the step's keys (`ticket` for ticket_id), required without a default."""
DIFFICULTIES = ("beginner", "intermediate", "advanced")
_WORDS_A_MINUTE = 130  # of narration, read aloud
_MINUTES_A_STEP = 0.2  # to look at what a step changed
MAKES = {OpenTicket: "ticket", RequestAccess: "request"}  # the step's key that names what a command creates


@dataclass(frozen=True, slots=True)
class Background:
    """The [background] table of a scenario. Raises ValueError if a number is out of its range."""

    tenants: int = 12  # besides the story's
    tickets_per_day: float = 8.0
    days: int = 60  # of traffic, ending at the room's start

    def __post_init__(self) -> None:
        for what, least, most in (("tenants", 0, MOST_TENANTS), ("days", 1, LONGEST_DURATION.days)):
            number = getattr(self, what)
            if not isinstance(number, int) or not least <= number <= most:
                raise ValueError(f"{what} must be a whole number from {least} to {most:,}, not {number}")
        if not 0 < self.tickets_per_day <= 100_000:
            raise ValueError(f"tickets_per_day must be more than 0 and at most 100,000, not {self.tickets_per_day}")
        if self.tickets > MOST_TICKETS_IN_A_ROOM:
            raise ValueError(
                f"tickets_per_day times days must be at most {MOST_TICKETS_IN_A_ROOM:,}, not {self.tickets:,}"
            )

    @property
    def tickets(self) -> int:
        """How many tickets are opened in all."""
        return round(self.tickets_per_day * self.days)


@dataclass(frozen=True, slots=True)
class Notes:
    """The [steps.notes] of a step, shown to the trainer only."""

    minutes: int | None = None
    say: str = ""
    mistakes: str = ""  # what people get wrong
    product: str = ""  # where the real product may differ

    def __bool__(self) -> bool:
        """Return whether anything is noted."""
        return self != Notes()


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice of a quiz. Its expectations hold after the step if, and only if, it is the right one."""

    says: str
    refused: Code | None = None
    expect: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    access: Mapping[str, bool] = field(default_factory=dict)
    audit_log: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def is_proved(self) -> bool:
        """Whether it has expectations, so that the step proves or disproves it."""
        return bool(self.refused or self.expect or self.access or self.audit_log)


@dataclass(frozen=True, slots=True)
class Quiz:
    """The [steps.quiz] of a step: a question to the class before it."""

    question: str
    choices: tuple[Choice, ...]
    right: str  # the text of the right choice
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a story: its narration, who does what, and what must be visible after it."""

    say: str = ""
    wait: timedelta = timedelta(0)
    by: Member | Engineer | None = None
    command: Command | None = None
    name: str | None = None  # of the ticket or access request that the command creates
    refused: Code | None = None
    expect: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # tenant -> request -> status or NOT_VISIBLE
    access: Mapping[str, bool] = field(default_factory=dict)  # tenant -> may the story's engineer read its data
    audit_log: Mapping[str, Sequence[str]] = field(default_factory=dict)  # tenant -> activities that it logs, in order
    quiz: Quiz | None = None  # asked before the step
    notes: Notes = Notes()

    def tenants(self, kind: Literal["expect", "access", "audit_log"]) -> tuple[str, ...]:
        """Return the tenants about which the step, or a choice of its quiz, has expectations of a kind."""
        expecting = (self, *(self.quiz.choices if self.quiz else ()))
        return tuple(dict.fromkeys(tenant for one in expecting for tenant in getattr(one, kind)))

    @property
    def act(self) -> str:
        """Who does what, in short: "adele@fabrikam: approve r1"; empty if nobody acts."""
        if self.by is None:
            return ""
        who = self.by.id if isinstance(self.by, Engineer) else f"{self.by.person}@{self.by.tenant}"
        do = next(do for do, command in DO.items() if isinstance(self.command, command))
        ids = [getattr(self.command, key, None) for key in ("ticket_id", "request_id", "resource_tenant", "tenant")]
        return " ".join([f"{who}:", do, *(word for word in (self.name, *ids) if word)])


@dataclass(frozen=True, slots=True)
class Scenario:
    """A story with its directory, its policy and the generated traffic around it."""

    title: str
    summary: str
    starts: datetime  # naive UTC
    directory: Directory
    policy: Policy
    steps: tuple[Step, ...]
    background: Background | None
    text: str  # the whole file
    minutes: int | None = None  # that the story takes in a class; None: estimated
    difficulty: str = ""  # one of DIFFICULTIES, or nothing
    teaches: str = ""  # what the class learns

    @property
    def is_lesson(self) -> bool:
        """Whether it guides a trainer, since some step has notes."""
        return any(step.notes for step in self.steps)

    @property
    def takes(self) -> int:
        """Return how many minutes the story takes: from the file, or estimated from its narration and steps."""
        words = sum(len(step.say.split()) for step in self.steps)
        return self.minutes or max(1, round(words / _WORDS_A_MINUTE + len(self.steps) * _MINUTES_A_STEP))
