"""A tenant's identity diagnostic data, as support would find it: invented, and generated when it is first read.

All domains end in .example and all addresses are from the ranges reserved for documentation, so none belongs to
anybody. Failures are described in plain words, without imitating the vendor's error codes.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from data.generated.directory import Names
from data.generated.ids import slug

DOCUMENTATION = ("192.0.2.{}", "198.51.100.{}", "203.0.113.{}")  # RFC 5737
APPLICATIONS = ("Payroll", "Intranet", "Expense reports", "Customer records", "Source control", "Shared project site")
DEPARTMENTS = ("Finance", "Sales", "Operations", "Human resources", "Research", "Legal")
CLIENTS = ("browser on Windows", "browser on macOS", "mobile app on Android", "mobile app on iOS", "older mail client")
SUCCESS = "Success"
OF_MEMBERS = (
    *(SUCCESS,) * 12,
    "Failure: wrong password",
    "Failure: second factor not completed",
    "Failure: blocked by a conditional access policy",
    "Failure: the account is locked after too many attempts",
    "Failure: the device is not compliant",
)
OF_GUESTS = (
    SUCCESS,
    SUCCESS,
    "Failure: guest not found in the resource tenant",
    "Failure: the invitation was not redeemed",
    "Failure: the home tenant's second factor is not trusted",
    "Failure: cross-tenant access is blocked for guests",
)
SETTINGS = (  # a setting, and its possible values
    ("Conditional access: second factor for administrators", ("On", "Report-only")),
    ("Conditional access: second factor for guests", ("On", "Report-only", "Off")),
    ("Conditional access: compliant device for Payroll", ("On", "Report-only", "Off")),
    ("Conditional access: block older mail clients", ("On", "Off")),
    ("Registration of a second factor", ("Asked at sign-in", "Asked within 14 days", "Not asked")),
    ("Federation", ("None", "With the own identity provider", "With the own identity provider, certificate expired")),
    ("Guest invitations", ("By anyone", "By members", "By administrators and guest inviters", "By nobody")),
    ("Guests' view of the directory", ("As members", "Limited", "Own profile only")),
    ("Cross-tenant access: trust the home tenant's second factor", ("Yes", "No")),
    ("Consent to applications", ("By users", "By users, verified publishers only", "By administrators")),
    ("Self-service password reset", ("All users", "Selected groups", "Off")),
    ("Sessions", ("Sign in again every 12 hours", "Sign in again every 7 days", "Until signed out")),
)
CHANGES = (
    "User updated",
    "Password reset",
    "Member added to group",
    "Member removed from group",
    "Role assigned",
    "Device registered",
    "Consent to application",
    "Invitation sent again",
)

T = TypeVar("T")


class Record(NamedTuple):
    """One record, before it becomes a row of the frame."""

    category: str
    age: float  # days before the room's start
    subject: str
    activity: str
    outcome: str
    detail: str


def diagnostics(tenant: str, name: str, seed: int, before: datetime) -> pd.DataFrame:
    """Return the tenant's diagnostic data by category, newest first; the same for the same arguments.

    Columns: tenant, category (one of `model.CATEGORIES`), recorded_at (naive UTC, before `before`; sign-ins at most 7
    days, changes at most 30), subject, activity, outcome, detail; some 130 rows. Raises ValueError if the seed is
    negative.
    """
    frame = pd.DataFrame(_records(tenant, name, seed), columns=list(Record._fields))
    frame["recorded_at"] = [before - timedelta(seconds=1 + int(age * 86_399)) for age in frame.pop("age")]
    frame["recorded_at"] = frame["recorded_at"].astype("datetime64[us]")
    frame["tenant"] = tenant
    order = frame["category"].map({category: n for n, category in enumerate(frame["category"].unique())})
    frame = frame.assign(order=order).sort_values(["order", "recorded_at"], ascending=[True, False], kind="stable")
    columns = ["tenant", "category", "recorded_at", "subject", "activity", "outcome", "detail"]
    return frame[columns].reset_index(drop=True)


def _records(tenant: str, name: str, seed: int) -> Iterator[Record]:
    rng = np.random.default_rng([seed, *tenant.encode()])
    names, domain = Names(f"{seed} {tenant}"), f"{slug(tenant)}.example"
    people = [names.person()[0].replace("-", ".") for _ in range(15)]
    members = [f"{person}@{domain}" for person in people[:12]]
    guests = [f"{person}@{names.company()[0]}.example" for person in people[12:]]
    groups = [f"All of {department}" for department in DEPARTMENTS[:4]]
    devices = [f"{kind}-{rng.integers(1000, 10_000)}" for kind in ("LAPTOP", "LAPTOP", "PHONE", "TABLET", "DESKTOP")]

    def one(options: Sequence[T]) -> T:
        return options[int(rng.integers(len(options)))]

    def share() -> float:
        return float(rng.random())

    yield Record("directory-objects", 2000 + 500 * share(), domain, "Tenant created", "Active", name)
    for kind, subjects, days in (("User", members, 1500), ("Guest", guests, 300), ("Group", groups, 1500)):
        for subject in subjects:
            detail = f"{rng.integers(3, 200)} members" if kind == "Group" else one(DEPARTMENTS)
            state = "Active" if share() < 0.9 else "Blocked" if kind != "Group" else "Without owner"
            yield Record("directory-objects", 30 + days * share(), subject, f"{kind} created", state, detail)
    for device in devices:
        state = one(("Compliant", "Compliant", "Not compliant"))
        yield Record("directory-objects", 700 * share(), device, "Device registered", state, f"of {one(members)}")
    for setting, values in SETTINGS:
        detail = f"by {one(members)}"
        yield Record("service-configuration", 500 * share(), setting, "Setting changed", one(values), detail)
    for _ in range(60):
        guest = share() < 0.25
        who, outcome = (one(guests), one(OF_GUESTS)) if guest else (one(members), one(OF_MEMBERS))
        detail = f"from {one(DOCUMENTATION).format(rng.integers(1, 255))}, {one(CLIENTS)}"
        yield Record("sign-in-logs", 7 * share(), who, f"Sign-in to {one(APPLICATIONS)}", outcome, detail)
    for _ in range(30):
        outcome = SUCCESS if share() < 0.9 else "Failure: not permitted"
        subject = one((*members, *guests))
        yield Record("audit-logs", 30 * share(), subject, one(CHANGES), outcome, f"by {one(members)}")
