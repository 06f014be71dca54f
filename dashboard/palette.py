"""The named colours of pages, drawings and charts, with their meanings and their shades in light and dark.

Streamlit gets the same shades from `.streamlit/config.toml` under its own names; a test compares the two. So a badge is
`:{WAITS.badge}[…]`, coloured text `:{WAITS}[…]`, and a drawing takes `WAITS.light.text` and `WAITS.light.background`.
"""

from dataclasses import dataclass

from model import Status, TicketStatus


@dataclass(frozen=True)
class Shades:
    """The colours of a text and of its background; the text is readable on the page itself, too."""

    text: str
    background: str


@dataclass(frozen=True)
class Colour:
    """A colour under Streamlit's name for it."""

    name: str
    mark: str  # of bars, points and lines, on light and dark pages; white text is readable on it
    light: Shades
    dark: Shades

    @property
    def badge(self) -> str:
        """Return the name of the Markdown directive of a badge."""
        return f"{self.name}-badge"

    def __str__(self) -> str:
        return self.name


BLUE = Colour("blue", "#1d6fc0", Shades("#0f5394", "#e3eefa"), Shades("#93c6f7", "#17324d"))
GREEN = Colour("green", "#15803d", Shades("#0d6338", "#e1f3e8"), Shades("#7fd3a3", "#133726"))
SAND = Colour("yellow", "#8a7040", Shades("#66522b", "#f4ecdb"), Shades("#d9c7a0", "#3a3325"))
AMBER = Colour("orange", "#b45309", Shades("#854b00", "#fdeccb"), Shades("#f5b95c", "#432e0e"))
RED = Colour("red", "#c62f2f", Shades("#a11d1d", "#fbe6e5"), Shades("#f5a09c", "#4a1f20"))
VIOLET = Colour("violet", "#7c4bc9", Shades("#5c34a6", "#eee8fb"), Shades("#c5acf5", "#352a55"))
GRAY = Colour("gray", "#64748b", Shades("#474d58", "#e9ecf1"), Shades("#b6bec9", "#2c333c"))
EVERY = (BLUE, GREEN, SAND, AMBER, RED, VIOLET, GRAY)

# The parties.
SUPPORT_REQUEST_TENANT, RESOURCE_TENANT, ENGINEER, TRAINER = BLUE, GREEN, SAND, GRAY

# States.
WAITS = AMBER
LIVE = GREEN
ENDED = RED  # by a person
OVER = HIDDEN = GRAY
CHANGED = DIFFERS = VIOLET

STATUS: dict[str, Colour] = {
    Status.PENDING: WAITS,
    Status.APPROVED: LIVE,
    Status.REJECTED: ENDED,
    Status.REVOKED: ENDED,
    Status.COMPLETED: OVER,
    Status.CANCELED: OVER,
    Status.EXPIRED: OVER,
    TicketStatus.OPEN: LIVE,
    TicketStatus.CLOSED: OVER,
}
"""Of the statuses of access requests, in the order of the lifecycle, and of support requests."""

MARKS: dict[str, str] = {
    **{status: STATUS[status].mark for status in Status},
    Status.REVOKED: "#b8325e",
    Status.CANCELED: "#80706a",
    Status.EXPIRED: "#6d7568",
}
"""In charts: similar to the status's colour, and all different."""

OURS = (Status.CANCELED, Status.EXPIRED)
"""The statuses that are not in the source."""


def status_name(status: str) -> str:
    """Return a status's name on screen, marked if it is this project's own and not the source's."""
    return f"{status} (lab)" if status in OURS else status
