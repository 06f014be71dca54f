"""A question of the What if page travels in a link, which anybody may have written."""

import re
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.text.question import DEFAULT, MOST_ARMS, Question
from data.simulation.experiment import Experiment
from model import PRESETS, Approval, Policy
from model.simulation import Behaviour, Delay, WorkingHours

PEOPLE = Behaviour(
    tickets_per_day=12.5,
    share_rejected=0.333,
    ask=Delay(2),
    decide=Delay(3, 3),
    approvers_work=WorkingHours("Europe/Paris", 9, 17),
    slower_without_access=1.0,
)
OWN = replace(
    PRESETS["okta"],
    approval=Approval.EACH,
    pending_expires_after=timedelta(seconds=90),
    visibility=frozenset(sorted(PRESETS["okta"].visibility)[:5]),
    ask_again_after_grant=True,
)


def packed(text: str) -> str:
    return urlsafe_b64encode(zlib.compress(text.encode())).decode()


def everything() -> Question:
    """A question in which every setting and every assumption is changed somewhere."""
    asked = replace(DEFAULT, tickets=123, replications=4, seed=5, primary="share expired undecided").changed(
        0, OWN, PEOPLE, "Ours: “=1+1” <b>"
    )
    asked = asked.changed(
        1, Policy(), replace(PEOPLE, approvers_work=None, ask=Delay(1, 5)), "As it was, around the clock"
    )
    return asked.with_arm("Okta", PRESETS["okta"])


@pytest.mark.parametrize(
    "asked", [DEFAULT, Question(), everything()], ids=["the first one", "a base alone", "everything"]
)
def test_what_a_link_carries_is_the_question(asked: Question):
    """The same base, arms and size, in an address that mail programs leave whole; and the same link again."""
    read = Question.read(asked.link)
    assert read == asked and read.worlds == asked.worlds and read.link == asked.link
    assert len(asked.link) < 1000


def test_a_change_is_told_as_a_difference_from_the_base():
    """So an arm follows its base in what it does not change; a preset stays as it is."""
    asked = DEFAULT.with_arm("Okta", PRESETS["okta"])
    slow = asked.changed(0, replace(Policy(), history_days=7), replace(Behaviour(), share_rejected=0.5))
    assert [arm.policy.history_days for arm in slow.worlds] == [7, 7, 7, 7, 30]
    assert {arm.behaviour.share_rejected for arm in slow.worlds} == {0.5}
    assert slow.worlds[4].policy == PRESETS["okta"]


def test_what_is_changed_back_is_no_difference():
    """A link grows only with what differs."""
    changed = DEFAULT.changed(1, OWN, PEOPLE)
    back = changed.changed(1, DEFAULT.worlds[1].policy, Behaviour())
    assert back == DEFAULT and len(changed.link) > len(back.link)


def test_the_file_is_the_question():
    """What is downloaded is read by the command line as the experiment that the page runs."""
    asked = everything()
    assert Experiment.parse(asked.text) == asked.experiment
    assert asked.experiment.arms[0].name == asked.name


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("!!", "damaged"),
        ("AAAA", "damaged"),
        (DEFAULT.link[:-9], "damaged"),
        ("A" * 100_000, "damaged"),
        ("é" * 8, "damaged"),
        (packed(" " * 10_000_000 + "1"), "damaged"),
        (packed("[" * 20_000), "damaged"),
        (packed('[1,"b",{},[],NaN,2,1]'), "damaged"),
        (packed(f'[1,"b",{{}},[],{"9" * 30_000},2,1]'), "damaged"),
        (packed("{}"), "another version"),
        (packed('[2,"b",{},[],500,2,1]'), "another version"),
        (packed('[1,"b",{},[]]'), "another version"),
        (packed("[1,7,{},[],500,2,1]"), "must be text, not 7"),
        (packed('[1,"b",[],[],500,2,1]'), "must be a table"),
        (packed('[1,"b",{},[["a"]],500,2,1]'), "an arm is a name and what it changes"),
        (packed('[1,"b",{},[["a",{}],["a",{}]],500,2,1]'), "'a' was named before"),
        (packed('[1,"b",{},[["b",{}]],500,2,1]'), "'b' was named before"),
        (packed('[1,"b\\u200b",{},[],500,2,1]'), "an invisible character"),
        (packed('[1,"b",{},[],500,2.5,1]'), "must be a whole number, not 2.5"),
        (packed('[1,"b",{},[],99,2,1]'), "tickets must be 100 to 1,000,000, not 99"),
        (packed('[1,"b",{},[],500,1,1]'), "replications must be 2 to 200, not 1"),
        (packed('[1,"b",{},[],1000000,200,1]'), "more than 40,000,000"),
        (packed('[1,"b",{},[],500,2,1,"hours"]'), "unknown primary 'hours'"),
        (packed('[1,"b",{"rules":1},[],500,2,1]'), "unknown 'rules'"),
        (packed('[1,"b",{},[["a",{"policy":{"aproval":"each"}}]],500,2,1]'), "did you mean 'approval'?"),
        (packed('[1,"b",{},[["a",{"behaviour":{"share_rejected":3}}]],500,2,1]'), "share_rejected must be from 0 to 1"),
        (packed('[1,"b",{"behaviour":{"tickets_per_day":1e999}},[],500,2,1]'), "at most 10,000,000"),
        (packed('[1,"b",{"behaviour":{"approvers_work":{"zone":"/etc/passwd"}}},[],500,2,1]'), "unknown time zone"),
    ],
)
def test_what_is_no_question_is_refused_and_named(link: str, says: str):
    """Also what would unpack to far more than it is; nothing else than a ValueError comes out."""
    with pytest.raises(ValueError, match=re.escape(says)):
        Question.read(link)


def test_there_are_only_so_many_arms():
    """Pictures and cards could not be read any more."""
    asked = DEFAULT
    for _ in range(MOST_ARMS - len(asked.arms)):
        asked = asked.with_arm("Okta", PRESETS["okta"])
    assert list(asked.arms)[-2:] == ["Okta", "Okta (2)"], "a name is given once"
    with pytest.raises(ValueError, match="at most 5 arms"):
        asked.with_arm("Okta", PRESETS["okta"])
