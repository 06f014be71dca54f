"""What can be asked of a case. Each command raises ValueError where a text or a word could never be right.

`room.do(command, actor)` carries them out; whether the actor may is for `model.rules` to say.
"""

from dataclasses import dataclass

SEVERITIES = ("A", "B", "C")
CATEGORIES = ("directory-objects", "service-configuration", "sign-in-logs", "audit-logs")
"""The identity diagnostic data that support can read, in four parts."""
LONGEST_TEXT = 500  # characters of a title or a reason


def _text(what: str, text: str) -> None:
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise ValueError(f"the {what} must have 1 to {LONGEST_TEXT} characters, not {len(text) if text.strip() else 0}")


def _one_of(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"unknown {what} {value!r}; known: {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A member opens a ticket with support. `engineer` is who gets it; the room chooses where it is None."""

    title: str
    severity: str = "B"
    advanced_diagnostics: bool = True  # "Allow collection of advanced diagnostic information", in the own tenant
    engineer: str | None = None

    def __post_init__(self) -> None:
        _text("title", self.title)
        _one_of("severity", self.severity, SEVERITIES)


@dataclass(frozen=True, slots=True)
class RequestAccess:
    """The assigned engineer asks for read access to a resource tenant."""

    ticket_id: str
    resource_tenant: str
    reason: str = "Diagnostic data of this tenant is needed to solve the support request"

    def __post_init__(self) -> None:
        _text("reason", self.reason)


@dataclass(frozen=True, slots=True)
class Approve:
    """A member approves a pending request."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A member rejects a pending request."""

    request_id: str


@dataclass(frozen=True, slots=True)
class Revoke:
    """A member of the resource tenant removes access ("Remove access")."""

    request_id: str


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """A member of the support request tenant, or the assigned engineer, closes the ticket."""

    ticket_id: str


@dataclass(frozen=True, slots=True)
class ReadDiagnostics:
    """The assigned engineer reads one category of a tenant's diagnostic data."""

    ticket_id: str
    tenant: str
    category: str = CATEGORIES[0]

    def __post_init__(self) -> None:
        _one_of("category", self.category, CATEGORIES)


@dataclass(frozen=True, slots=True)
class WriteDiagnostics:
    """The assigned engineer tries to change diagnostic data: refused always, since access is read-only."""

    ticket_id: str
    tenant: str
    category: str = CATEGORIES[0]

    def __post_init__(self) -> None:
        _one_of("category", self.category, CATEGORIES)


@dataclass(frozen=True, slots=True)
class FallDue:
    """Time passes a limit of the policy: a pending request expires, a grant lapses. Nobody's act."""

    request_id: str


Decision = Approve | Reject | Revoke
Reading = ReadDiagnostics | WriteDiagnostics
Command = OpenTicket | RequestAccess | Decision | CloseTicket | Reading | FallDue
