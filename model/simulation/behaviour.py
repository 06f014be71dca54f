"""How people act, in numbers. The defaults are plausible assumptions that nobody has measured."""

from dataclasses import dataclass, field, fields
from math import isfinite, log
from numbers import Real
from zoneinfo import ZoneInfo

from model.limits import LONGEST_DURATION

LONGEST_HOURS = LONGEST_DURATION.days * 24
"""The longest delay, in hours; longer draws are cut to it."""
MOST_ADMINISTRATORS = 1_000_000
_NORMAL_P90 = 1.2815515655446004  # the 90th percentile of the standard normal distribution


def _number(name: str, value: object) -> None:
    """Raise ValueError if the value is not a number."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ValueError(f"{name} must be a number, not {value!r}")


@dataclass(frozen=True, slots=True)
class Delay:
    """A random length of time: half are shorter than `median_hours`, nine in ten shorter than `p90_hours`.

    Lognormal; exponential if `p90_hours` is None; constant if the two are equal. Raises ValueError.
    """

    median_hours: float
    p90_hours: float | None = None

    def __post_init__(self) -> None:
        _number("median_hours", self.median_hours)
        _number("p90_hours", 0 if self.p90_hours is None else self.p90_hours)
        if not 0 < self.median_hours <= LONGEST_HOURS:
            raise ValueError(f"median_hours must be more than 0 and at most {LONGEST_HOURS:,}, not {self.median_hours}")
        if self.p90_hours is not None and not self.median_hours <= self.p90_hours <= LONGEST_HOURS:
            raise ValueError(f"p90_hours must be at least the median and at most {LONGEST_HOURS:,}: {self.p90_hours}")

    @classmethod
    def exponential(cls, mean_hours: float) -> "Delay":
        """Return the exponential delay with this mean."""
        return cls(mean_hours * log(2))

    @property
    def is_exponential(self) -> bool:
        """Return whether the delay is exponential; otherwise it is lognormal."""
        return self.p90_hours is None

    @property
    def mean_of_exponential(self) -> float:
        """Return the mean, in hours, of the exponential delay with this median."""
        return self.median_hours / log(2)

    @property
    def sigma(self) -> float:
        """Return the standard deviation of the logarithm of the lognormal delay."""
        return log((self.p90_hours or self.median_hours) / self.median_hours) / _NORMAL_P90


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Monday to Friday, from one full hour to another, in a zone of the time zone database. Raises ValueError."""

    zone: str = "UTC"
    first_hour: int = 8
    last_hour: int = 18  # when work ends

    def __post_init__(self) -> None:
        for hour in (self.first_hour, self.last_hour):
            if type(hour) is not int:
                raise ValueError(f"working hours begin and end at full hours, not at {hour!r}")
        if not 0 <= self.first_hour < self.last_hour <= 24:
            raise ValueError(f"working hours lie between 0 and 24, not {self.first_hour} to {self.last_hour}")
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"unknown time zone {self.zone!r}; one reads like 'Europe/Paris'") from None


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How people act in a simulation. Raises ValueError, which names the field, if a number is out of range.

    With `common_administrators`, each of them works on one request at a time, for as long as `decide` says; a request
    that finds all of them busy waits in a queue, first come, first served.

    All shares are from 0 to 1. Decisions and delays are drawn independently. All figures are assumptions.
    """

    tickets_per_day: float = field(default=400.0, metadata={"says": "tickets opened a day"})
    share_elsewhere: float = field(default=0.35, metadata={"says": "tickets whose problem lies in another tenant"})
    share_advanced_diagnostics: float = field(
        default=0.8, metadata={"says": "tickets that allow advanced diagnostics in their own tenant"}
    )
    share_with_common_administrator: float = field(
        default=0.85, metadata={"says": "pairs of tenants in which somebody administers both"}
    )
    ask: Delay = field(default=Delay(4, 14), metadata={"says": "from the opening until the engineer asks for access"})
    decide: Delay = field(
        default=Delay(9, 42), metadata={"says": "from a request until an approver decides, in hours of work"}
    )
    approvers_work: WorkingHours | None = field(
        default=None, metadata={"says": "when approvers work; none: around the clock"}
    )
    share_rejected: float = field(default=0.12, metadata={"says": "decisions of an approver that are a rejection"})
    share_removed: float = field(default=0.15, metadata={"says": "grants that somebody would remove before the end"})
    remove: Delay = field(default=Delay(30, 108), metadata={"says": "from the approval until somebody removes access"})
    share_asked_again: float = field(
        default=0.6, metadata={"says": "requests that are asked again, once, where access is missing after all"}
    )
    ask_again: Delay = field(
        default=Delay(20, 56), metadata={"says": "from the end of a request until it is asked again"}
    )
    work: Delay = field(default=Delay(40, 120), metadata={"says": "work on a ticket while the data can be read"})
    slower_without_access: float = field(
        default=3.0, metadata={"says": "how many times longer the same work takes while the data cannot be read"}
    )
    common_administrators: int | None = field(
        default=None,
        metadata={"says": "administrators of both tenants, who share all requests that need one; none: enough"},
    )

    def __post_init__(self) -> None:
        for assumption in fields(self):
            value = getattr(self, assumption.name)
            if isinstance(assumption.default, Delay):
                if not isinstance(value, Delay):
                    raise ValueError(f"{assumption.name} must be a Delay, not {value!r}")
            elif assumption.name == "common_administrators":
                if value is not None and (type(value) is not int or not 1 <= value <= MOST_ADMINISTRATORS):
                    raise ValueError(
                        f"common_administrators must be a whole number from 1 to {MOST_ADMINISTRATORS:,}, or None, "
                        f"not {value!r}"
                    )
            elif assumption.default is None:
                if not isinstance(value, WorkingHours | None):
                    raise ValueError(f"{assumption.name} must be WorkingHours or None, not {value!r}")
            else:
                _number(assumption.name, value)
            if assumption.name.startswith("share_") and not 0 <= value <= 1:
                raise ValueError(f"{assumption.name} must be from 0 to 1, not {value}")
        if not (isfinite(self.tickets_per_day) and 0 < self.tickets_per_day <= 10_000_000):
            raise ValueError(f"tickets_per_day must be more than 0, at most 10,000,000, not {self.tickets_per_day}")
        if not 1 <= self.slower_without_access <= 100:
            raise ValueError(f"slower_without_access must be from 1 to 100, not {self.slower_without_access}")
