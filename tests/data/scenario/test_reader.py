"""Reading a scenario is strict: a typo is refused with the file, the line, the key, and the nearest word."""

import re
from dataclasses import fields, replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.durations import duration, duration_text
from data.scenario.policy_format import policy_from, policy_table
from data.scenario.reader import MOST_STEPS, parse_scenario
from data.scenario.scenario import Background
from model import (
    PRESETS,
    Approval,
    Code,
    Engineer,
    HistoryFrom,
    Justification,
    Member,
    OpenTicket,
    Policy,
    RequestAccess,
    Side,
    Status,
    WriteDiagnostics,
)

RIGHT = """\
title = "A story"
summary = "Short."
starts = 2026-03-02T09:00:00
policy = { preset = "source", pending_expires_after = "4 days" }

[tenants]
contoso = "Contoso"
fabrikam = "Fabrikam"

[engineers]
sam = "Sam Rivera"

[people.adele]
name = "Adele Vance"
roles = { contoso = ["Service Support Administrator"], fabrikam = [] }

[background]
tenants = 3

[[steps]]
say = \"\"\"
Spread over
two lines.\"\"\"
by = "adele@contoso"
do = "open-ticket"
ticket = "t1"
title = "Help"

[[steps]]
wait = "2 days"
by = "sam"
do = "request-access"
ticket = "t1"
request = "r1"
resource_tenant = "fabrikam"
refused = "ticket-closed"
expect = { contoso = { r1 = "Pending" } }
access = { fabrikam = false }

[[steps]]
wait = "1 hour"
"""

TYPOS = [  # text in the file, its replacement, the error
    # Keys, at every level.
    ('summary = "Short."', 'sumary = "Short."', "line 2: sumary: unknown 'sumary'; did you mean 'summary'?"),
    ('name = "Adele Vance"', 'nam = "Adele Vance"', "line 14: people.adele.nam: unknown 'nam'; did you mean 'name'?"),
    ("tenants = 3", "tenats = 3", "line 18: background.tenats: unknown 'tenats'; did you mean 'tenants'?"),
    ('request = "r1"', 'requests = "r1"', "line 34: steps[2].requests: unknown 'requests'; did you mean 'request'?"),
    ('wait = "1 hour"', 'wiat = "1 hour"', "line 41: steps[3].wiat: unknown 'wiat'; did you mean 'wait'?"),
    ('preset = "source"', 'preste = "source"', "line 4: policy.preste: unknown 'preste'; did you mean 'preset'?"),
    ('ticket = "t1"\ntitle', 'ticket = "t1"\nseverty = "A"\ntitle', "steps[1].severty: unknown 'severty'"),
    ('wait = "1 hour"', 'request = "r1"', "line 41: steps[3].request: unknown 'request'"),
    # Fields for the list of scenarios.
    (
        'summary = "Short."',
        'difficulty = "beginer"',
        "line 2: difficulty: unknown 'beginer'; did you mean 'beginner'?",
    ),
    ('summary = "Short."', "minutes = 0", "line 2: minutes: a story takes 1 to 600 minutes, not 0"),
    ('summary = "Short."', 'minutes = "ten"', "line 2: minutes:"),
    ('summary = "Short."', 'teaches = " "', "line 2: teaches: is blank"),
    # Missing keys.
    ('title = "A story"\n', "", "mine.toml: title: is missing"),
    ('by = "sam"\n', "", "line 29: steps[2].by: is missing"),
    ('title = "Help"\n', "", "line 20: steps[1].title: is missing"),
    ('name = "Adele Vance"\n', "", "line 13: people.adele.name: is missing"),
    ('sam = "Sam Rivera"', "", "line 10: engineers: at least one is needed"),
    ('contoso = "Contoso"\nfabrikam = "Fabrikam"', "", "line 6: tenants: at least one is needed"),
    ('roles = { contoso = ["Service Support Administrator"], fabrikam = [] }', "", "people.adele.roles: is missing"),
    (
        'contoso = ["Service Support Administrator"], fab',
        "fab",
        "line 24: steps[1].by: 'adele' has no entry for 'contoso'",
    ),
    ('{ contoso = ["Service Support Administrator"], fabrikam = [] }', "{}", "roles: at least one tenant is needed"),
    ('wait = "1 hour"', "", "line 40: steps[3]: a step must say something, wait or do something"),
    ('do = "open-ticket"\n', "", "steps[1].by: needs a 'do'"),
    ('wait = "1 hour"', 'refused = "no-access"', "line 41: steps[3].refused: needs a 'do'"),
    # Types.
    ('title = "A story"', "title = 1", "line 1: title: must be text, not 1"),
    ('title = "A story"', 'title = " "', "line 1: title: is blank"),
    ("2026-03-02T09:00:00", "2026-03-02", "line 3: starts: must be a time like 2026-03-02T09:00:00"),
    ("2026-03-02T09:00:00", "2026-03-02T09:00:00Z", "line 3: starts: must be a time in UTC without an offset"),
    ("2026-03-02T09:00:00", "2199-12-31T09:00:00", "line 3: starts: a story takes place in the years 1970 to 2199"),
    ("2026-03-02T09:00:00", "1815-12-10T09:00:00", "line 3: starts: a story takes place in the years 1970 to 2199"),
    ("fabrikam = false", 'fabrikam = "no"', "line 38: steps[2].access.fabrikam: must be true or false, not 'no'"),
    ("fabrikam = []", 'fabrikam = "Global Administrator"', "line 15: people.adele.roles.fabrikam: must be a list"),
    ('{ r1 = "Pending" }', '"Pending"', "line 37: steps[2].expect.contoso: must be a table, not 'Pending'"),
    ("access = { fabrikam = false }", "audit_log = []", "line 38: steps[2].audit_log: must be a table, not []"),
    ("access = { fabrikam = false }", "audit_log.fabrikan = []", "unknown 'fabrikan'; did you mean 'fabrikam'?"),
    (
        "access = { fabrikam = false }",
        "audit_log.contoso = []",
        "line 38: steps[2].audit_log.contoso: nobody in this tenant has a role that may read its audit log, such as "
        "Security Reader",
    ),
    ("tenants = 3", "tenants = true", "line 18: background.tenants: must be a whole number, not True"),
    ("tenants = 3", "tenants = 3.5", "line 18: background.tenants: must be a whole number, not 3.5"),
    ("tenants = 3", "tenants = -1", "line 17: background: tenants must be a whole number from 0 to 5,000, not -1"),
    (
        "tenants = 3",
        "tenants = 10_000_000",
        "line 18: background.tenants: must be a whole number up to 5,000",
    ),
    (
        "tenants = 3",
        "tenants = 1e7",
        "background.tenants: must be a whole number up to 5,000, not 10000000.0",
    ),
    ("tenants = 3", "days = 1e9", "line 18: background.days: must be a whole number up to 3,650, not 1000000000.0"),
    (
        "tenants = 3",
        "days = 3650\ntickets_per_day = 1e4",
        "tickets_per_day times days must be at most 500,000",
    ),
    ("tenants = 3", "tickets_per_day = 1e9", "line 17: background: tickets_per_day must be more than 0 and at most"),
    ("tenants = 3", 'tickets_per_day = "many"', "line 18: background.tickets_per_day: must be a number"),
    ("tenants = 3", "tickets_per_day = nan", "line 17: background: tickets_per_day must be"),
    # Words.
    ("Service Support Administrator", "service support admin", "did you mean 'Service Support Administrator'?"),
    (
        "fabrikam = []",
        "fabricam = []",
        "line 15: people.adele.roles.fabricam: unknown 'fabricam'; did you mean 'fabrikam'?",
    ),
    ('"open-ticket"', '"open ticket"', "line 25: steps[1].do: unknown 'open ticket'; did you mean 'open-ticket'?"),
    ('"ticket-closed"', '"ticket closed"', "steps[2].refused: unknown 'ticket closed'; did you mean 'ticket-closed'?"),
    ('r1 = "Pending"', 'r1 = "PENDING"', "steps[2].expect.contoso.r1: unknown 'PENDING'; did you mean 'Pending'?"),
    (
        'r1 = "Pending"',
        'r1 = "invisible"',
        "steps[2].expect.contoso.r1: unknown 'invisible'; did you mean 'not visible'?",
    ),
    ("{ contoso = { r1", "{ contosa = { r1", "steps[2].expect.contosa: unknown 'contosa'; did you mean 'contoso'?"),
    ("fabrikam = false", "fabrikan = false", "steps[2].access.fabrikan: unknown 'fabrikan'; did you mean 'fabrikam'?"),
    ('resource_tenant = "fabrikam"', 'resource_tenant = "Fabrikam"', "unknown 'Fabrikam'; did you mean 'fabrikam'?"),
    ('title = "Help"', 'title = "Help"\nseverity = "D"', "steps[1].severity: unknown 'D'; known: A, B, C"),
    ('title = "Help"', 'title = "Help"\nengineer = "sum"', "steps[1].engineer: unknown 'sum'; did you mean 'sam'?"),
    ('title = "Help"', 'title = "Help"\nadvanced_diagnostics = "yes"', "advanced_diagnostics: must be true or false"),
    ('title = "Help"', f'title = "{501 * "x"}"', "line 20: steps[1]: the title must have 1 to 500 characters, not 501"),
    ('preset = "source"', 'preset = "octa"', "line 4: policy.preset: unknown 'octa'; did you mean 'okta'?"),
    # People.
    ('by = "adele@contoso"', 'by = "adel@contoso"', "line 24: steps[1].by: unknown 'adel'; did you mean 'adele'?"),
    ('by = "adele@contoso"', 'by = "adele@contos"', "line 24: steps[1].by: unknown 'contos'; did you mean 'contoso'?"),
    ('by = "adele@contoso"', 'by = "adele"', "steps[1].by: name the tenant in which 'adele' acts: write adele@tenant"),
    ('by = "sam"', 'by = "sma"', "line 31: steps[2].by: unknown 'sma'; did you mean 'sam'?"),
    # Names.
    ('ticket = "t1"\nrequest', 'ticket = "t2"\nrequest', "line 33: steps[2].ticket: unknown 't2'; known: t1"),
    ("{ r1 = ", "{ r2 = ", "line 37: steps[2].expect.contoso.r2: unknown 'r2'; known: r1"),
    ('request = "r1"', 'request = "t1"', "line 34: steps[2].request: 't1' was named before"),
    ('request = "r1"', 'request = "R 1"', "line 34: steps[2].request: an id has lower-case letters, digits, - and _"),
    ("[people.adele]", "[people.sam]", "line 13: people.sam: 'sam' was named before"),
    ('name = "Adele Vance"', 'name = "Sam Rivera"', "line 14: people.adele.name: 'Sam Rivera' was named before"),
    ('fabrikam = "Fabrikam"', 'contoso = "Fabrikam"', "at line 8"),
    # Durations.
    (
        '"2 days"',
        '"two days"',
        'line 30: steps[2].wait: a duration reads like "12 hours" or "4 days", not \'two days\'',
    ),
    ('"2 days"', "2", "line 30: steps[2].wait: a duration reads like"),
    ('"2 days"', '"-2 days"', "line 30: steps[2].wait: a duration reads like"),
    ('"2 days"', '"1.5 days"', "line 30: steps[2].wait: a duration reads like"),
    ('"2 days"', '"²  days"', "line 30: steps[2].wait: a duration reads like"),
    ('"2 days"', '"999999999 weeks"', "line 30: steps[2].wait: a duration has at most 3,650 days"),
    (
        '"4 days"',
        '"soon"',
        'line 4: policy.pending_expires_after: a duration reads like "12 hours" or "4 days", or is "never"',
    ),
    ('"4 days"', '"0 days"', "line 4: policy.pending_expires_after: must be at least 1 second, or "),
    # TOML syntax.
    (
        "tenants = 3",
        f"tickets_per_day = {400 * '9'}",
        "line 18: background.tickets_per_day: must be a number of at most 18 digits, not 999",
    ),
    ("tenants = 3", f"tenants = {5000 * '9'}", "mine.toml, line 18: a number has at most 400 digits"),
    ("tenants = 3", f"tenants = 0x{5000 * 'f'}", "mine.toml, line 18: a number has at most 400 digits"),
    ("tenants = 3", f"{'.'.join(50 * 'a')}.b = 3", "mine.toml, line 18: a key has at most 50 parts"),
    ("tenants = 3", f"tenants.b = {{ {'.'.join(60 * 'a')} = 3 }}", "mine.toml, line 18: a key has at most 50 parts"),
    (
        "tenants = 3",
        f"tenants = [{5000 * '1,'}]",
        "line 18: background.tenants: must be a whole number, not a list of 5,000",
    ),
    ("[tenants]", "[tenants", "at line 6"),
    ('title = "A story"', 'title = "A story', "at line 1"),
]

WRONG_SETTINGS = [  # a policy table and its error
    ({"approvals": "both"}, "policy.approvals: unknown 'approvals'; did you mean 'approval'?"),
    ({"approval": "booth"}, "policy.approval: unknown 'booth'; did you mean 'both'?"),
    ({"grant_lasts": "8h"}, 'a duration reads like "12 hours" or "4 days", or is "until the ticket closes"'),
    ({"history_days": "30"}, "policy.history_days: must be a whole number, not '30'"),
    ({"history_days": True}, "policy.history_days: must be a whole number, not True"),
    ({"history_days": 0}, "policy.history_days: must be a whole number from 1 to 3,650, not 0"),
    ({"history_from": "change"}, "policy.history_from: unknown 'change'; did you mean 'last change'?"),
    ({"ask_again_after_grant": "no"}, "policy.ask_again_after_grant: must be true or false, not 'no'"),
    ({"visibility": {"Aproved": []}}, "policy.visibility.Aproved: unknown 'Aproved'; did you mean 'Approved'?"),
    ({"visibility": {"Approved": ["resource"]}}, "policy.visibility.Approved[1]: unknown 'resource'"),
    ({"title": "Mine"}, "policy.title: unknown 'title'"),
    ("okta", "policy: must be a table, not 'okta'"),
]

seconds = st.integers(1, int(timedelta(days=3650).total_seconds())).map(lambda s: timedelta(seconds=s))
POLICIES = st.builds(
    Policy,
    approval=st.sampled_from(Approval),
    pending_expires_after=st.none() | seconds,
    grant_lasts=st.none() | seconds,
    history_days=st.integers(1, 3650),
    history_from=st.sampled_from(HistoryFrom),
    visibility=st.frozensets(st.sampled_from(list(product(Status, Side)))),
    ask_again_after_grant=st.booleans(),
    justification=st.sampled_from(Justification),
)


def test_the_fields_for_the_list_of_scenarios_are_given_or_estimated():
    """Minutes are estimated from the narration and the steps if the file has none."""
    plain = parse_scenario(RIGHT)
    assert (plain.minutes, plain.takes, plain.difficulty, plain.teaches) == (None, 1, "", "")
    card = 'minutes = 25\ndifficulty = "advanced"\nteaches = "Who decides."\n'
    told = parse_scenario(RIGHT.replace('summary = "Short."', card))
    assert (told.minutes, told.takes, told.difficulty, told.teaches) == (25, 25, "advanced", "Who decides.")
    longer = replace(plain, steps=(replace(plain.steps[0], say="word " * 1300), *plain.steps))
    assert longer.takes == 11


def test_a_file_is_read_completely():
    """People, policy, background and steps are read, with defaults for what is missing."""
    story = parse_scenario(RIGHT)
    assert (story.title, story.summary, story.starts) == ("A story", "Short.", datetime(2026, 3, 2, 9))
    assert story.policy == Policy(pending_expires_after=timedelta(days=4))
    assert story.background == Background(tenants=3)
    assert story.directory.tenants == {"contoso": "Contoso", "fabrikam": "Fabrikam"}
    assert story.directory.knows("adele", "fabrikam") and not story.directory.administers("adele", "fabrikam")
    first, second, third = story.steps
    assert (first.say, first.name, first.by) == ("Spread over two lines.", "t1", Member("adele", "contoso"))
    assert first.command == OpenTicket("Help", severity="B", advanced_diagnostics=True, engineer="sam")
    assert (second.by, second.command, second.name) == (Engineer("sam"), RequestAccess("t1", "fabrikam"), "r1")
    assert (second.wait, second.refused) == (timedelta(days=2), Code.TICKET_CLOSED)
    assert (second.expect, second.access) == ({"contoso": {"r1": "Pending"}}, {"fabrikam": False})
    assert (third.wait, third.command, third.act) == (timedelta(hours=1), None, "")
    assert story.text == RIGHT


def with_audit_log(added: str) -> str:
    """Return the file with an expectation of Fabrikam's audit log, which Adele can read."""
    text = RIGHT.replace("fabrikam = []", 'fabrikam = ["Security Reader"]')
    return text.replace("access = { fabrikam = false }", f"audit_log = {{ fabrikam = {added} }}")


def test_a_step_states_the_new_entries_of_an_audit_log():
    """They are in order; an empty list means none."""
    for added, read in (
        ('["Approval approved", "Approval removed"]', ("Approval approved", "Approval removed")),
        ("[]", ()),
    ):
        assert parse_scenario(with_audit_log(added)).steps[1].audit_log == {"fabrikam": read}


@pytest.mark.parametrize(
    ("added", "said"),
    [
        ('"Request created"', "line 38: steps[2].audit_log.fabrikam: must be a list, not 'Request created'"),
        (
            '["Request create"]',
            "line 38: steps[2].audit_log.fabrikam[1]: unknown 'Request create'; did you mean 'Request created'?",
        ),
        ('["Request created", "request"]', "line 38: steps[2].audit_log.fabrikam[2]: unknown 'request'"),
    ],
)
def test_errors_in_an_audit_log_have_a_place(added: str, said: str):
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_scenario(with_audit_log(added), "mine.toml")


def test_a_step_has_a_short_description():
    """It has the actor, the act and the file's ids."""
    assert [step.act for step in parse_scenario(RIGHT).steps] == [
        "adele@contoso: open-ticket t1",
        "sam: request-access r1 t1 fabrikam",
        "",
    ]


def test_an_engineer_may_try_to_write():
    """A scenario can then show that access is read-only."""
    step = 'by = "sam"\ndo = "write-diagnostics"\nticket = "t1"\ntenant = "contoso"\ncategory = "audit-logs"'
    story = parse_scenario(RIGHT.replace('wait = "1 hour"', step))
    assert story.steps[2].command == WriteDiagnostics("t1", "contoso", "audit-logs")


@pytest.mark.parametrize(("right", "wrong", "said"), TYPOS, ids=[said[-60:] for _, _, said in TYPOS])
def test_errors_have_a_place(right: str, wrong: str, said: str):
    """They name the file, the line, the key path, and the nearest known word."""
    assert RIGHT.count(right) >= 1
    with pytest.raises(ValueError, match=re.escape(said)) as error:
        parse_scenario(RIGHT.replace(right, wrong, 1), "mine.toml")
    assert str(error.value).startswith("mine.toml")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_are_counted_past_multi_line_texts(newline: str):
    """Such a text may look like TOML, or have Windows line endings."""
    text = RIGHT.replace("two lines.", 'two\n[[steps]]\nby = "nobody"').replace('by = "sam"', 'by = "sma"')
    with pytest.raises(ValueError, match=r"line 33: steps\[2\]\.by"):
        parse_scenario(text.replace("\n", newline))


@pytest.mark.parametrize(("table", "said"), WRONG_SETTINGS, ids=[said[-50:] for _, said in WRONG_SETTINGS])
def test_errors_in_a_policy_name_the_setting(table, said: str):
    """A policy table from a notebook has no line."""
    with pytest.raises(ValueError, match=re.escape(said)):
        policy_from(table)


@given(POLICIES)
def test_a_policy_table_round_trips(policy: Policy):
    """Rooms store their policy in this form."""
    assert policy_from(policy_table(policy)) == policy


def test_a_policy_table_has_every_setting():
    """A new setting must be stored with a room, too."""
    assert set(policy_table(Policy())) == {f.name for f in fields(Policy)} - {"title", "read_in"}


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_keeps_its_title_until_a_setting_is_changed(name: str):
    """A changed preset is no longer the other system's policy."""
    assert policy_from({"preset": name}).title == PRESETS[name].title
    changed = policy_from({"preset": name, "history_days": 31})
    assert (changed.title, changed.read_in, changed.approval) == ("", "", PRESETS[name].approval)


def test_visibility_is_given_for_the_statuses_that_differ():
    """Other statuses are visible as in the preset."""
    policy = policy_from({"visibility": {"Revoked": ["support request tenant", "resource tenant"], "Pending": []}})
    differ = {(Status.REVOKED, Side.SUPPORT), (Status.PENDING, Side.SUPPORT), (Status.PENDING, Side.RESOURCE)}
    assert policy.visibility ^ Policy().visibility == differ


@given(seconds)
def test_a_duration_round_trips(length: timedelta):
    """It is exact to the second."""
    assert duration(duration_text(length)) == length


@pytest.mark.parametrize(
    ("text", "hours"), [("12 hours", 12), ("1 day", 24), ("4 days", 96), ("2 weeks", 336), ("90 minutes", 1.5)]
)
def test_a_duration_is_a_number_and_a_unit(text: str, hours: float):
    """Units are plain words."""
    assert duration(text) == timedelta(hours=hours)


def test_a_story_has_at_most_a_thousand_steps():
    """A longer one is refused before anything is played."""
    steps = "".join(f'[[steps]]\nsay = "Step {number}."\n' for number in range(MOST_STEPS + 1))
    head = RIGHT.partition("[[steps]]")[0]
    with pytest.raises(ValueError, match="steps: a story has at most 1,000 steps, not 1,001"):
        parse_scenario(head + steps)
    assert len(parse_scenario(head + steps.rpartition("[[steps]]")[0]).steps) == MOST_STEPS
