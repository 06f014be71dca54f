"""The commands on a case.

Each raises TypeError if a field is not a string, and ValueError if no case could accept it.

`room.do(command, actor)` carries them out; `model.rules` says whether the actor may.
"""

from dataclasses import dataclass

from model.texts import looks_like, normalized

SEVERITIES = ("A", "B", "C")
CATEGORIES = ("directory-objects", "service-configuration", "sign-in-logs", "audit-logs")
"""The identity diagnostic data that support can read, in four parts."""
LONGEST_TEXT = 500  # characters of a title, a reason or a note
_EXAMPLES = {
    "request_id": "r1",
    "ticket_id": "t1",
    "engineer": "sam",
    "tenant": "fabrikam",
    "resource_tenant": "fabrikam",
}
"""An example id for each field that holds one."""


def _text(what: str, text: object) -> str:
    """Return a text in normal form.

    Raises TypeError if it is not a string, and ValueError if it is blank, too long, or has invisible characters.
    """
    if not isinstance(text, str):
        raise TypeError(f"the {what} must be text, not {text!r}")
    if not (seen := looks_like(text)) or len(text) > LONGEST_TEXT:
        raise ValueError(f"the {what} must have 1 to {LONGEST_TEXT} characters, not {len(text) if seen else 0}")
    try:
        return normalized(text)
    except ValueError as error:
        raise ValueError(f"the {what} {error}") from None


def _check_ids(**ids: object) -> None:
    """Raise TypeError if an id is not a string. Any string will do, even if nothing has that id."""
    for name, value in ids.items():
        if not isinstance(value, str):
            raise TypeError(f"{name} must be text such as {_EXAMPLES[name]!r}, not {value!r}")


def _note(note: object) -> str:
    """Return a note in normal form, "" if it is blank: the rules say whether one is needed. Raises as `_text` does."""
    return "" if isinstance(note, str) and not note.strip() else _text("note", note)


def _one_of(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"unknown {what} {value!r}; known: {', '.join(known)}")


@dataclass(frozen=True, slots=True)
class OpenTicket:
    """A member opens a ticket with support. `engineer` is assigned to it; if None, the room chooses one."""

    title: str
    severity: str = "B"
    advanced_diagnostics: bool = True  # "Allow collection of advanced diagnostic information", in the member's tenant
    engineer: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", _text("title", self.title))
        if self.engineer is not None:
            _check_ids(engineer=self.engineer)
        _one_of("severity", self.severity, SEVERITIES)


@dataclass(frozen=True, slots=True)
class RequestAccess:
    """The assigned engineer asks for read access to a resource tenant."""

    ticket_id: str
    resource_tenant: str
    reason: str = "Diagnostic data of this tenant is needed to solve the support request"

    def __post_init__(self) -> None:
        _check_ids(ticket_id=self.ticket_id, resource_tenant=self.resource_tenant)
        object.__setattr__(self, "reason", _text("reason", self.reason))


@dataclass(frozen=True, slots=True)
class _Decision:
    """The fields of every decision on an access request."""

    request_id: str
    note: str = ""

    def __post_init__(self) -> None:
        _check_ids(request_id=self.request_id)
        object.__setattr__(self, "note", _note(self.note))


@dataclass(frozen=True, slots=True)
class Approve(_Decision):
    """A member approves a pending request. `note` says why, if the policy asks."""


@dataclass(frozen=True, slots=True)
class Reject(_Decision):
    """A member rejects a pending request. `note` says why, if the policy asks."""


@dataclass(frozen=True, slots=True)
class Revoke(_Decision):
    """A member of the resource tenant removes access ("Remove access"). `note` says why, if the policy asks."""


@dataclass(frozen=True, slots=True)
class CloseTicket:
    """A member of the support request tenant, or the assigned engineer, closes the ticket."""

    ticket_id: str

    def __post_init__(self) -> None:
        _check_ids(ticket_id=self.ticket_id)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The fields of every attempt to read or change diagnostic data."""

    ticket_id: str
    tenant: str
    category: str = CATEGORIES[0]

    def __post_init__(self) -> None:
        _check_ids(ticket_id=self.ticket_id, tenant=self.tenant)
        _one_of("category", self.category, CATEGORIES)


@dataclass(frozen=True, slots=True)
class ReadDiagnostics(_Reading):
    """The assigned engineer reads one category of a tenant's diagnostic data."""


@dataclass(frozen=True, slots=True)
class WriteDiagnostics(_Reading):
    """The assigned engineer tries to change diagnostic data. Always refused: access is read-only."""


@dataclass(frozen=True, slots=True)
class FallDue:
    """A limit of the policy passes: a pending request expires or a grant lapses. No actor asks for it."""

    request_id: str

    def __post_init__(self) -> None:
        _check_ids(request_id=self.request_id)


Decision = Approve | Reject | Revoke
Reading = ReadDiagnostics | WriteDiagnostics
Command = OpenTicket | RequestAccess | Decision | CloseTicket | Reading | FallDue
