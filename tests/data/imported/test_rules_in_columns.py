"""The import's rules in columns agree with `decide`: imported rows are allowed, refused rows are refused."""

import itertools
import random
from datetime import datetime, timedelta

import pandas as pd
import pytest

from data import Room
from model import (
    Approve,
    CloseTicket,
    Directory,
    Engineer,
    Member,
    OpenTicket,
    Policy,
    Refused,
    Reject,
    RequestAccess,
    Revoke,
    carry_out,
)

START = datetime(2026, 3, 2, 9)
TENANTS = {"contoso": "Contoso", "fabrikam": "Fabrikam", "tailspin": "Tailspin"}
DIRECTORY = Directory.small(TENANTS, {"adele": ("Adele", tuple(TENANTS))}, {"sam": "Sam"})
TIMES = ("opened", "asked", "decided", "removed", "closed")
ABOUT_LINES_THAT_DISAGREE = ("another time", "another tenant opened")


def random_rows(seed):
    """Return rows of few tickets, mostly in time order, so that each rule is sometimes broken."""
    draw = random.Random(seed)
    rows = []
    for ticket in range(40):
        home, opened, closed = draw.choice(list(TENANTS)), draw.randint(0, 3), draw.choice([None, draw.randint(8, 14)])
        for _ in range(draw.randint(1, 4)):
            asked = opened + draw.randint(0, 4) - draw.choice([0, 0, 0, 3])
            decision = draw.choice(["Approved", "Approved", "Rejected", None])
            decided = asked + draw.randint(0, 4) - draw.choice([0, 0, 0, 2]) if decision else None
            removed = decided + draw.randint(-1, 5) if decided is not None and draw.random() < 0.4 else None
            row: dict = {"ticket": f"t{ticket}", "tenant": home, "resource_tenant": draw.choice(list(TENANTS))}
            for name, at in zip(TIMES, (opened, asked, decided, removed, closed), strict=True):
                row[name] = None if at is None else START + timedelta(hours=at)
            rows.append(row | {"decision": decision})
    return rows


def decided_on(rows):
    """Carry out the rows of one ticket in time order, and return the events. Raises Refused."""
    adele, sam = Member("adele", rows[0]["tenant"]), Engineer("sam")
    acts: list[tuple] = [(rows[0]["opened"], 0, 0, OpenTicket("Guests cannot sign in", engineer="sam"), adele, "t")]
    for n, row in enumerate(sorted(rows, key=lambda row: row["asked"]), start=1):
        r = f"r{n}"
        acts.append((row["asked"], n, 1, RequestAccess("t", row["resource_tenant"]), sam, r))
        if row["decision"]:
            acts.append((row["decided"], n, 2, (Approve if row["decision"] == "Approved" else Reject)(r), adele, ""))
        if row["removed"]:
            acts.append((row["removed"], n, 3, Revoke(r), Member("adele", row["resource_tenant"]), ""))
    closings = {row["closed"] for row in rows} - {None}
    acts += [(at, 99, 0, CloseTicket("t"), sam, "") for at in closings]
    case, events = None, []
    for at, _, _, command, actor, name in sorted(acts, key=lambda act: act[:3]):
        made, case = carry_out(case, command, actor=actor, directory=DIRECTORY, policy=Policy(), at=at, new_id=name)
        events += made
    return events


@pytest.mark.parametrize("seed", range(4))
def test_columns_and_decide_agree_on_random_rows(seed):
    rows = random_rows(seed)
    room = Room.from_tickets(pd.DataFrame(rows, dtype=object))
    refused = dict(room.imported.refused.itertuples(index=False))
    by_ticket = {t: list(of) for t, of in itertools.groupby(enumerate(rows, start=2), key=lambda row: row[1]["ticket"])}
    log = room.events()
    for ticket, of in by_ticket.items():
        taken = [row for line, row in of if line not in refused]
        found = log[log["ticket_id"] == ticket]
        told = list(zip(found["occurred_at"], found["action"], found["to_status"].fillna(""), strict=True))
        events = decided_on(taken) if taken else []
        assert told == [(event.occurred_at, event.action, event.to_status or "") for event in events]
        for line, row in of:
            if line in refused and not any(words in refused[line] for words in ABOUT_LINES_THAT_DISAGREE):
                with pytest.raises(Refused):
                    decided_on([*taken, row])
    assert room.verify()
    assert len({reason.split(",")[0] for reason in refused.values()}) > 3
