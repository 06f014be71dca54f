"""Experiments are TOML files: the shipped ones run, and errors have a line number."""

from dataclasses import replace
from datetime import timedelta
from importlib import resources

import pytest

from data import Experiment, Until, experiments
from data.lens.figures import UNITS
from data.simulation.comparison import PRIMARY
from model import PRESETS, Approval, Policy
from model.simulation import Behaviour, Delay

TEXT = """
title = "What if?"
summary = '''
Of two
lines.'''
tickets = 500
replications = 12
seed = 3
until = { metric = "median hours to resolution", within = 0.5, most = 40 }

[base]
policy = { approval = "each" }
behaviour = { share_rejected = 0.3 }

[[arms]]
name = "the base"

[[arms]]
name = "quick & short"
policy = { grant_lasts = "8 hours" }
behaviour = { decide = { median_hours = 1, p90_hours = 4 } }
"""

HALF_AN_HOUR = Until("median hours to resolution", 0.5)


def test_an_experiment_has_the_arms_of_its_file():
    """The arms are differences from the file's base."""
    base = Policy(approval=Approval.EACH)
    found = Experiment.parse(TEXT)
    assert (found.title, found.summary) == ("What if?", "Of two lines.")
    assert (found.tickets, found.replications, found.seed) == (500, 12, 3)
    assert found.until == Until("median hours to resolution", 0.5, 40)
    assert [(arm.name, arm.policy, arm.behaviour) for arm in found.arms] == [
        ("the base", base, Behaviour(share_rejected=0.3)),
        (
            "quick & short",
            replace(base, grant_lasts=timedelta(hours=8)),
            Behaviour(share_rejected=0.3, decide=Delay(1, 4)),
        ),
    ]


def test_the_primary_figure_is_in_the_file():
    """Its default is the median time to resolution."""
    chosen = TEXT.replace("seed = 3", 'primary = "hours of access per ticket"')
    assert Experiment.parse(chosen).primary == "hours of access per ticket"
    assert Experiment.parse(TEXT).primary == PRIMARY == "median hours to resolution"


def test_few_keys_are_required():
    """A title, the number of tickets and one arm suffice; the smallest numbers are accepted."""
    found = Experiment.parse('title = "Little"\ntickets = 5\n[[arms]]\nname = "a"\npolicy = { preset = "okta" }')
    assert found.arms[0].policy == PRESETS["okta"]
    assert (found.summary, found.replications, found.seed, found.until) == ("", 20, 1, None)
    least = Experiment.parse('title = "L"\ntickets = 1\nreplications = 2\nseed = 0\n[[arms]]\nname = "a"')
    assert (least.tickets, least.replications, least.seed) == (1, 2, 0)
    assert Experiment.parse(TEXT.replace("most = 40", "most = 12")).until == replace(HALF_AN_HOUR, most=12)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("title =", "titel =", "line 2: titel: unknown 'titel'; did you mean 'title'?"),
        ("tickets = 500\n", "", "tickets: is missing"),
        (
            "seed = 3",
            'primary = "hours of access per tickets"',
            "line 8: primary: unknown 'hours of access per tickets'; did you mean 'hours of access per ticket'?",
        ),
        ("tickets = 500", "tickets = 1.5", "line 6: tickets: must be a whole number, not 1.5"),
        (
            "tickets = 500",
            "tickets = 1e9",
            "tickets: must be a whole number up to 10,000,000, not 1000000000.0",
        ),
        ("tickets = 500", "tickets = 1_000_000_000", "line 6: tickets: must be a whole number up to 10,000,000"),
        ("tickets = 500", "tickets = 0", "line 6: tickets: must be a whole number from 1 to 10,000,000, not 0"),
        (
            "replications = 12",
            "replications = 1",
            "line 7: replications: must be a whole number from 2 to 10,000",
        ),
        ("seed = 3", "seed = -3", "line 8: seed: must be a whole number from 0, not -3"),
        ("most = 40", "most = 0", "line 9: until.most: must be a whole number from 2 to 10,000, not 0"),
        ("most = 40", "most = 11", "line 9: until: at most 11 replications were allowed; 12 are the fewest"),
        ("within = 0.5", "within = 0", "line 9: until: the interval must be allowed more than 0"),
        (
            "median hours to res",
            "median hour to res",
            "line 9: until.metric: unknown 'median hour to resolution'; did you",
        ),
        (
            'approval = "each"',
            'approval = "eech"',
            "line 12: base.policy.approval: unknown 'eech'; did you mean 'each'?",
        ),
        ("share_rejected = 0.3", "share_rejected = 3", "line 13: base.behaviour: share_rejected must be from 0 to 1"),
        ('name = "the base"', 'nam = "the base"', "line 16: arms[1].nam: unknown 'nam'; did you mean 'name'?"),
        ("quick & short", "the base", "line 19: arms[2].name: 'the base' was named before"),
        ("quick & short", r"two\u200bwords", "an invisible character"),
        ('"8 hours"', '"8h"', "line 20: arms[2].policy.grant_lasts: a duration reads like"),
        ("median_hours = 1, ", "", "arms[2].behaviour.decide.median_hours: is missing"),
        (
            "p90_hours = 4",
            "p90_hours = 0.5",
            "line 21: arms[2].behaviour.decide: p90_hours must be at least the median",
        ),
    ],
)
def test_errors_in_a_file_are_named(old, new, told):
    """They have the line, the place, and the valid values."""
    assert old in TEXT
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the text is compared below
        Experiment.parse(TEXT.replace(old, new), "mine.toml")
    assert str(raised.value).startswith("mine.toml") and told in str(raised.value)


def test_a_file_that_is_no_text_is_reported(tmp_path):
    """By its name."""
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ValueError, match=r"mine\.toml: is not a text in UTF-8"):
        Experiment.read(tmp_path / "mine.toml")


def test_shipped_experiments_are_known_by_name():
    """There are five, and each file is installed with the package."""
    files = {file.name for file in resources.files("data").joinpath("experiments").iterdir()}
    assert files == {f"{name}.toml" for name in experiments()}
    assert list(experiments()) == [
        *("each-tenant-approves", "expiry-after-four-days", "few-administrators"),
        *("presets-side-by-side", "short-grants"),
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "arm", "metric", "reading"),
    [
        ("each-tenant-approves", "an administrator of each", "share that nobody could decide", "less"),
        ("expiry-after-four-days", "after 4 days", "share expired undecided", "more"),
        ("few-administrators", "80 of them", "median hours to a decision", "more"),
        ("presets-side-by-side", "Azure Customer Lockbox", "hours of access per ticket", "less"),
        ("short-grants", "8 hours", "90th percentile of hours to resolution", "more"),
    ],
)
def test_shipped_experiments_run(name, arm, metric, reading):
    """At a reduced size every arm has every figure, and the answer is the one that the text expects. A queue must grow
    before anybody waits, so 500 tickets are too few.
    """
    tickets = 2000 if name == "few-administrators" else 500
    experiment = experiments()[name]
    assert experiment.summary and len(experiment.arms) >= 4
    until = experiment.until and replace(experiment.until, within=100.0)
    found = replace(experiment, tickets=tickets, replications=9, until=until).run()
    assert len(found.metrics) == len(experiment.arms) * len(UNITS)
    assert found.reached and found.replications == 9
    differences = found.differences.set_index(["arm", "metric"])
    assert differences["reading"][arm, metric] == reading
