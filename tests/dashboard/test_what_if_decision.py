"""Below the answer on What if: what would change it, each kind run when it is asked for, and what is shown of it."""

import json
import sys
from dataclasses import replace

import pytest

from dashboard.background.jobs.comparison_worker import ComparisonResult, answered, compared
from dashboard.background.jobs.comparisons import comparisons
from dashboard.background.jobs.decision_asked import DecisionAsked
from dashboard.background.jobs.decision_worker import DecisionResult, decided, drawn
from dashboard.background.jobs.job_queue import Job, Stage
from dashboard.background.jobs.worker import CannotAnswer
from dashboard.text.question import Question
from data import sensitivity
from data.simulation.decision.ranges import PLAUSIBLE
from tests.dashboard.conftest import Enter, Look
from tests.dashboard.screen import Screen

ASKED = Question(
    name="As <b>the source</b>",
    arms={"Each *tenant* approves": {"policy": {"approval": "each"}}},
    tickets=100,
    replications=2,
)
SHAKEN = DecisionAsked("sensitivity", ASKED)
SWEPT = DecisionAsked("sweep", ASKED, ("grant_lasts", "approvers_work"))
TRADED = DecisionAsked("trade-off", ASKED, of_its_own=True)


def nobody(done: int, of: int) -> None:
    """Tells nobody how far it is."""


@pytest.fixture(scope="module")
def comparison() -> ComparisonResult:
    return compared(ASKED.experiment, nobody)


@pytest.fixture(scope="module")
def found() -> dict[str, DecisionResult]:
    """What the worker answers, by kind; only two of the assumptions are shaken."""
    few = {name: name in ("approvers_work", "share_rejected") and its for name, its in PLAUSIBLE.items()}
    shaken = {"sensitivity": drawn(sensitivity(ASKED.experiment, ranges=few))}
    return shaken | {asked.kind: decided(asked, nobody) for asked in (SWEPT, TRADED)}


@pytest.fixture
def page(enter: Enter, look: Look, comparison: ComparisonResult) -> Screen:
    """The page with an answer."""
    enter("cross-tenant-approval")
    keep(ASKED.link, Job(ASKED, Stage.DONE, result=comparison))
    return look("adele@contoso", "what_if", q=ASKED.link)


def keep(key: str, job: Job) -> None:
    """As if somebody had asked before."""
    comparisons()._jobs[key] = job


def choose(screen: Screen, kind: str) -> Screen:
    screen.app.session_state["what-if change"] = kind
    return screen.run()


def test_an_assumption_is_shaken_by_one_click_and_the_sentence_comes_first(page: Screen, found):
    """Until then there is a button with how much it is; names are shown as they are written."""
    assert "What would change this?" in page.text
    assert f"{2 * 2 * 31} runs of 100 tickets" in page.text
    comparisons().command = (sys.executable, "-c", "import time; time.sleep(600)")
    page.click("run sensitivity")
    assert "stop sensitivity" in page.keys and "run sensitivity" not in page.keys
    page.click("stop sensitivity")
    assert "The run was stopped, and nothing of it was kept." in page.run().text
    keep(SHAKEN.key, Job(SHAKEN, Stage.DONE, result=found["sensitivity"]))
    shown = page.run().text
    sentence = found["sensitivity"].found.sentence
    assert sentence in shown and "<b>the source</b>" in shown
    assert "from a rota around the clock to weekdays from 8 to 18" in str(page.app.dataframe[0].value.to_dict())


def test_settings_are_swept_as_they_are_chosen(page: Screen, found):
    choose(page, "sweep")
    assert f"{2 * 2 * 4} runs of 100 tickets" in page.text
    keep(SWEPT.key, Job(SWEPT, Stage.DONE, result=found["sweep"]))
    page.choose("sweep second", "approvers_work")
    assert found["sweep"].found.sentence in page.text
    assert len(page.app.dataframe[0].value) == 4 * 2 * 2


def test_time_is_traded_for_access_by_the_policies_of_the_question_or_by_a_set(page: Screen, found):
    choose(page, "trade-off")
    assert f"{2 * 17} runs of 100 tickets" in page.text
    keep(TRADED.key, Job(TRADED, Stage.DONE, result=found["trade-off"]))
    page.choose("trade-off policies", True)
    assert found["trade-off"].found.sentence in page.text
    assert list(page.app.dataframe[0].value["Policy"]) == [arm.name for arm in ASKED.worlds]


def test_a_base_alone_has_no_order_and_the_page_does_not_offer_to_shake_it(page: Screen, comparison):
    alone = replace(ASKED, arms={})
    keep(alone.link, Job(alone, Stage.DONE, result=compared(alone.experiment, nobody)))
    page.open("what_if", q=alone.link)
    assert "If an assumption is off" not in page.text and "run sweep" in page.keys


def test_what_cannot_be_answered_is_said(page: Screen):
    keep(SHAKEN.key, Job(SHAKEN, Stage.FAILED, sentence="It is too *much*."))
    assert "It is too *much*." in page.run().text and "run sensitivity" in page.keys
    with pytest.raises(CannotAnswer, match="at least two arms"):
        answered(replace(SHAKEN, question=replace(ASKED, arms={})), nobody)


def test_every_analysis_has_a_key_of_its_own_and_its_pictures_are_specifications(found):
    several = [SHAKEN, SWEPT, TRADED, replace(TRADED, within_days=3), replace(SWEPT, knobs=("decide",))]
    assert len({asked.key for asked in several}) == len(several)
    assert {asked.owner("r") for asked in several} == {"r sensitivity", "r sweep", "r trade-off"}
    assert list(found["sensitivity"].pictures) == ["Each *tenant* approves"]
    assert list(found["sweep"].pictures) == [arm.name for arm in ASKED.worlds]
    assert list(found["trade-off"].pictures) == ["access", "guess"]
    for result in found.values():
        assert json.loads(json.dumps(dict(result.pictures)))
