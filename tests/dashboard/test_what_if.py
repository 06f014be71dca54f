"""The What if page: arms beside a base, a run that can be stopped, what came of it, and one case as a story."""

import io
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.background.jobs.comparison_worker import MOST_DAYS, ComparisonResult, compared
from dashboard.background.jobs.comparisons import comparisons
from dashboard.background.jobs.job_queue import Job, Stage
from dashboard.background.jobs.worker import Failure, message
from dashboard.background.rooms import rooms
from dashboard.text.guesses import guesses
from dashboard.text.question import DEFAULT, Question
from dashboard.text.words import plain
from data.files.csv_and_parquet import csv_bytes
from data.lens.figures import SENTENCES, UNITS
from data.scenario.policy_files import FOLDER, save_policy
from data.simulation.experiment import experiments
from data.simulation.words.answer import answer, headlines
from data.simulation.words.figure_words import mean_in_words
from data.simulation.words.findings import findings
from model import PRESETS, Approval, Policy, Revoke
from model.simulation import Behaviour, Delay, WorkingHours
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.payload import RAW, exposed
from tests.dashboard.screen import Screen, alternatives

SMALL = replace(DEFAULT, tickets=200, replications=12).with_arm("As the base", Policy())
TINY = Question(tickets=100, replications=2)
ENDLESS = replace(DEFAULT, tickets=200_000, replications=40)
PICTURES = ("trade-off", "decided", "resolved", "live", "differences")
DONE = "How people act is assumed, not measured"

Answer = Callable[..., None]


@pytest.fixture(scope="module")
def found() -> ComparisonResult:
    """What SMALL comes to."""
    return compared(SMALL.experiment, lambda done, of: None)


@pytest.fixture
def page(enter: Enter, look: Look, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The page as a member opens it, who asks SMALL."""
    monkeypatch.setenv(FOLDER, str(tmp_path / "policies"))
    enter("cross-tenant-approval")
    return look("adele@contoso", "what_if", q=SMALL.link)


@pytest.fixture
def answered(page: Screen, found: ComparisonResult) -> Screen:
    """The same once its run is done."""
    keep_job(Job(SMALL, Stage.DONE, result=found, seconds=1.5))
    return page.run()


@pytest.fixture
def endless(page: Screen) -> Screen:
    """The page with a question whose run does not come to an end."""
    comparisons().command = (sys.executable, "-c", "import time; time.sleep(600)")
    return page.open("what_if", q=ENDLESS.link).click("run")


def keep_job(job: Job) -> None:
    """As if somebody had asked before."""
    comparisons()._jobs[job.asked.link] = job


def asked(screen: Screen) -> Question:
    """The question of the address."""
    return Question.read(screen.app.query_params["q"])


def until_over(question: Question, seconds: float = 200) -> Job:
    end = time.monotonic() + seconds
    while (job := comparisons().find(question.link)) is None or not job.over:
        assert time.monotonic() < end, "the run takes too long"
        time.sleep(0.05)
    return job


# The run.


def test_a_question_is_run_and_its_answer_is_shared_with_others(page: Screen, look: Look):
    """By the real worker: progress and a way to stop, then the result; another room has it at once."""
    page.open("what_if", q=TINY.link)
    assert DONE not in page.text and "1 policy × 2 repetitions × 100 tickets = 200 tickets" in page.text
    page.click("run")
    assert "stop" in page.keys and "run" not in page.keys
    job = until_over(TINY)
    assert job.stage is Stage.DONE
    assert DONE in page.run().text and "stop" not in page.keys
    other = look("trainer", "what_if", room="", q=TINY.link)
    assert other.app.header[0].value == plain(answer(job.result.comparison, TINY.name))
    assert "Differences (CSV)" in other.text
    assert "All differences" not in other.text, "of a base alone there are none"


def test_a_run_is_stopped_by_a_button(endless: Screen):
    """At once, and it is said that nothing was kept."""
    endless.click("stop")
    assert until_over(ENDLESS, seconds=1).stage is Stage.STOPPED
    assert "The run was stopped" in endless.run().text
    assert {"run"} <= endless.keys


def test_the_question_and_its_run_are_found_after_leaving_and_returning(endless: Screen, look: Look):
    """By the side bar, whose links name no question, and in a new window on the same room."""
    endless.app.query_params.pop("q")
    endless.open("pending").open("what_if")
    assert "stop" in endless.keys
    fresh = look("trainer", "what_if")
    assert fresh.click("stop").click("remove 1").click("change 0")
    assert asked(fresh) == ENDLESS.without(1)


def test_a_question_that_is_changed_meanwhile_leads_back_to_the_run(endless: Screen):
    """The page stays usable; the run goes on, and can be stopped from there."""
    endless.click("remove 2")
    assert "is still being answered" in endless.text and "run" in endless.keys
    endless.click("show other")
    assert asked(endless) == ENDLESS and "stop" in endless.keys
    endless.click("remove 2").click("stop other")
    assert until_over(ENDLESS, seconds=1).stage is Stage.STOPPED
    assert "is still being answered" not in endless.run().text


def test_a_waiting_question_shows_how_many_are_before_it(endless: Screen, look: Look):
    """And may take the question back."""
    second = look("trainer", "what_if", room="", q=SMALL.link).click("run")
    assert "1 run before yours" in second.text
    second.click("stop")
    assert until_over(SMALL, seconds=1).stage is Stage.STOPPED


def test_a_failure_is_reported_and_can_be_retried(page: Screen):
    """In a sentence."""
    keep_job(Job(SMALL, Stage.FAILED, sentence="The simulation failed *badly*"))
    page.run()
    assert page.said == ["The simulation failed *badly*"]
    assert page.click("run").said == []
    page.click("stop")


def test_a_worker_says_what_is_wrong_in_a_sentence_without_paths(capfd: pytest.CaptureFixture[str]):
    """A ValueError's own, and one for what nobody expected, which only the app's log tells in full."""

    class Wrong:
        def __init__(self, error: Exception) -> None:
            self.error = error

        def run(self, **_: object) -> None:
            raise self.error

    answers = [
        message(compared, Wrong(error), lambda done, of: None)
        for error in (ValueError("too many"), OSError("/secret/place"), MemoryError())
    ]
    assert all(isinstance(answer, Failure) and "/" not in answer.sentence for answer in answers)
    assert answers[0] == Failure("too many")
    assert "/secret/place" in capfd.readouterr().err


# What came of it.


def test_the_answer_comes_first_and_the_question_folds_behind_one_button(answered: Screen, found: ComparisonResult):
    """A sentence and four figures with their intervals and readings, of the arm that the link names."""
    assert "add arm" not in answered.keys and "run" not in answered.keys
    for place, arm in enumerate(SMALL.arms, start=1):
        answered.app.button_group(key="what-if arm").set_value(place)
        answered.run()
        assert answered.app.query_params.get("arm", "1") == str(place)
        assert answered.app.header[0].value == plain(answer(found.comparison, arm))
        told = headlines(found.comparison, arm)
        assert [(metric.label, metric.value, metric.delta) for metric in answered.app.metric] == [
            (its.label, its.value, its.reading) for its in told
        ]
        assert all(its.interval in answered.text and its.compared in answered.text for its in told)
    answered.click("fold question")
    assert "add arm" in [box.key for box in answered.app.selectbox] and DONE in answered.text
    answered.click("remove 1")
    assert "run" in answered.keys and DONE not in answered.text, "another question has no answer yet"


def test_an_answer_is_one_sentence_in_plain_words(found: ComparisonResult):
    """What is clear is told with its size, what is not is told to be about the same."""
    lasts = answer(found.comparison, "Access lasts 8 hours")
    assert lasts.startswith("With “Access lasts 8 hours” instead of “As the source says”, ")
    assert "access per ticket falls from " in lasts and lasts.endswith(".") and lasts.count(". ") == 0
    expires = answer(found.comparison, "Expires after 4 days")
    assert "tickets whose first request expires undecided rise from 0 % to " in expires
    same = "“As the base” instead of “As the source says” changes nothing: every figure is the same."
    assert answer(found.comparison, "As the base") == same
    assert answer(found.comparison, SMALL.name).startswith("Under “As the source says”, half of the tickets are ")


def test_a_median_that_is_never_reached_is_left_out_of_the_answer(found: ComparisonResult):
    """And its figure says that it cannot be compared."""
    arm, metric = "Access lasts 8 hours", "median hours to resolution"
    told, means = found.comparison.differences.copy(), found.comparison.metrics.copy()
    told.loc[(told["arm"] == arm) & (told["metric"] == metric), ["difference", "low", "high"]] = np.nan
    told.loc[(told["arm"] == arm) & (told["metric"] == metric), "reading"] = "not comparable"
    means.loc[(means["arm"] == arm) & (means["metric"] == metric), ["mean", "low", "high"]] = np.nan
    changed = replace(found.comparison, differences=told, metrics=means)
    assert "resolved" not in answer(changed, arm) and "nan" not in answer(changed, arm)
    first = headlines(changed, arm)[0]
    assert (first.value, first.reading, first.interval) == ("–", "cannot be compared", "")
    assert first.compared.startswith("never; before: ")


def test_differences_are_worded_and_chance_is_named(answered: Screen, found: ComparisonResult):
    """Each figure of each arm once: in a sentence, or under what it is; an arm like the base is the same in all."""
    assert "200 simulated support requests (*tickets*), the same under each policy, 12 times" in answered.text
    assert DONE in answered.text
    for place, arm in enumerate(SMALL.arms, start=1):
        text = answered.open("what_if", q=SMALL.link, arm=str(place)).text
        told = findings(found.comparison, arm)
        assert sum(map(len, vars(told).values())) == len(UNITS) - 1, "access in total says nothing more"
        for sentence in told.clear:
            assert sentence in text
    assert findings(found.comparison, "As the base").clear == ()
    assert len(findings(found.comparison, "As the base").same) == len(UNITS) - 1
    lasts = findings(found.comparison, "Access lasts 8 hours").clear
    assert any(line.startswith("Engineers have ") and "less access per ticket" in line for line in lasts)
    assert "Nothing is clearly different." in text


GUESS = "how well a removal can be guessed"


def test_how_well_a_removal_could_be_guessed_is_said_of_every_arm(answered: Screen, found: ComparisonResult):
    """With its interval, what 0.5 means, and what it rests on, which is assumed."""
    said = guesses(found.comparison)
    assert said in [text.value for text in answered.app.markdown]
    rows = found.comparison.metrics.query("metric == @GUESS").to_dict("records")
    assert [row["arm"] for row in rows] == [SMALL.name, *SMALL.arms]
    for row in rows:
        assert f"“{row['arm']}” {mean_in_words(row, ' to ')}" in said
    middle, low, high = (rows[0][name] for name in ("mean", "low", "high"))
    assert f"“{SMALL.name}” {middle:.2f} ({low:.2f} to {high:.2f})" in said
    assert "0.5 means not at all" in said and "3 times as long: assumed, not measured" in said


def test_where_nothing_was_removed_there_is_nothing_to_guess(found: ComparisonResult):
    """Which is said of an arm without a removal in any replication."""
    says = "nothing to guess"
    metrics = found.comparison.metrics.copy()
    here = (metrics["metric"] == GUESS) & (metrics["arm"] == SMALL.name)
    metrics.loc[here, ["mean", "low", "high"]] = np.nan
    changed = replace(found.comparison, metrics=metrics)
    assert f"“{SMALL.name}” {says};" in guesses(changed)
    assert mean_in_words(metrics[here].to_dict("records")[0]) == says


def test_what_a_policy_hides_better_is_a_sentence(found: ComparisonResult):
    """A number without a unit."""
    arm, base = "Each tenant approves", SMALL.name
    told, means = found.comparison.differences.copy(), found.comparison.metrics.copy()
    row = (told["arm"] == arm) & (told["metric"] == GUESS)
    told.loc[row, ["difference", "low", "high"]] = -0.19, -0.2, -0.18
    told.loc[row, "reading"] = "less"
    for name, mean in ((base, 0.83), (arm, 0.64)):
        means.loc[(means["arm"] == name) & (means["metric"] == GUESS), "mean"] = mean
    said = findings(replace(found.comparison, differences=told, metrics=means), arm).clear
    right = "The support request tenant could guess a removal less well, by 0.19: 0.64 instead of 0.83."
    assert right in said


@pytest.mark.parametrize(
    ("difference", "low", "high", "reading", "says"),
    [
        (
            0.079,
            0.07,
            0.09,
            "more",
            "7.9 percentage points more of the requests expire undecided: 57.9 % instead of 50.0 %.",
        ),
        (
            -0.2,
            -0.3,
            -0.1,
            "less",
            "20 percentage points fewer of the requests expire undecided: 30.0 % instead of 50.0 %.",
        ),
        (0.004, 0.003, 0.005, "more", "requests that expire undecided (+0.40 points)"),
        (0.01, -0.01, 0.03, "no clear difference", "requests that expire undecided"),
    ],
)
def test_a_difference_is_a_sentence(
    found: ComparisonResult, difference: float, low: float, high: float, reading: str, says: str
):
    """With its size, and what is the case in the one arm and the other; a small one is called small."""
    metric, arm, base = "share expired undecided", "Each tenant approves", SMALL.name
    told = found.comparison.differences.copy()
    row = (told["arm"] == arm) & (told["metric"] == metric)
    told.loc[row, ["difference", "low", "high"]] = difference, low, high
    told.loc[row, "reading"] = reading
    means = found.comparison.metrics.copy()
    for name, mean in ((base, 0.5), (arm, 0.5 + difference)):
        means.loc[(means["arm"] == name) & (means["metric"] == metric), "mean"] = mean
    said = findings(replace(found.comparison, differences=told, metrics=means), arm)
    group = (
        said.unclear
        if reading.startswith("no")
        else said.small
        if difference < 0.005 and reading == "more"
        else said.clear
    )
    assert says in group


def test_each_picture_is_sent_when_it_is_chosen_and_no_other(answered: Screen, found: ComparisonResult):
    """As the worker drew it."""
    titles = {}
    for name in PICTURES:
        answered.app.button_group(key="what-if picture").set_value(name)
        drawn = answered.run().app.main.get("vega_lite_chart")
        assert len(drawn) == len(found.pictures[name])
        titles[name] = drawn[0].proto.spec
    assert len(set(titles.values())) == len(PICTURES)


@pytest.mark.slow
@pytest.mark.parametrize(
    "people",
    [
        Behaviour(share_elsewhere=0.0),
        Behaviour(work=Delay(87_600.0, 87_600.0), slower_without_access=4.0),
        Behaviour(tickets_per_day=10_000_000.0, work=Delay(0.01, 0.01)),
    ],
    ids=["nobody asks", "for decades", "all in a moment"],
)
def test_extreme_people_have_pictures_and_words_too(people: Behaviour):
    """No figure that is missing and no length of time is too much for a picture, and browsers can read it."""
    question = replace(SMALL, tickets=100, replications=2).without(3).without(1).changed(0, Policy(), people)
    answer = compared(question.experiment, lambda done, of: None)
    assert len(answer.comparison.live) <= MOST_DAYS * len(question.worlds)
    for picture in answer.pictures.values():
        assert json.dumps(picture, allow_nan=False)
    for arm in question.arms:
        assert sum(map(len, vars(findings(answer.comparison, arm)).values())) == len(UNITS) - 1


def test_the_tables_have_every_figure_of_every_arm_and_what_it_means(answered: Screen):
    """The figures with their intervals; the differences with what is not clear, said so."""
    (table,) = answered.app.dataframe
    assert all("Share of tickets resolved" in said for said in alternatives(answered))
    assert list(table.value.index) == list(UNITS)
    assert list(table.value.columns) == [SMALL.name, *SMALL.arms, "What it means"]
    assert list(table.value["What it means"]) == [SENTENCES[name] for name in UNITS]
    answered.app.button_group(key="what-if table").set_value("Differences")
    (table,) = answered.run().app.dataframe
    assert list(table.value.columns) == [*SMALL.arms, "What it means"]
    assert set(table.value["As the base"]) == {"the same"}


def test_downloads_are_complete_and_harmless(answered: Screen, found: ComparisonResult):
    """No cell begins like a formula, and all else is as it is in the frames."""
    labels = {button.label for button in answered.app.download_button}
    pictures = {f"Share of tickets resolved ({kind})" for kind in ("PNG", "SVG")}
    assert labels == {"Figures (CSV)", "Differences (CSV)", "The experiment (TOML)"} | pictures
    names = ["=1+1", " +1", "-1", "@x", "＝1", 'a "name", quoted']  # noqa: RUF001
    frame = found.comparison.metrics.head(len(names)).assign(arm=names)
    read = pd.read_csv(io.BytesIO(csv_bytes(frame)))
    assert list(read["arm"]) == ["'=1+1", " '+1", "'-1", "'@x", "'＝1", names[-1]]  # noqa: RUF001
    assert list(read["mean"]) == pytest.approx(list(frame["mean"]), nan_ok=True)


@pytest.mark.parametrize("which", ["median", "worst"])
def test_a_case_is_opened_as_the_story_of_a_new_room(answered: Screen, look: Look, which: str):
    """Which is told to its end as it should be, while the room of the link stays what it was."""
    before = rooms().get(ROOM).story.title
    answered.choose("case arm", 2)
    answered.app.button_group(key="case which").set_value(which)
    answered.run().click("case open")
    (link,) = (link for label, link in answered.links.items() if label.startswith("Open the story"))
    room = dict(part.split("=") for part in link.split("&"))["room"]
    story = rooms().get(room).story
    assert story.title.startswith(f"The {which} of ") and story.title.endswith("Each tenant approves")
    assert story.policy == PRESETS["two-key"]
    assert not any(step.failures for step in rooms().get(room).play())
    assert room != ROOM and rooms().get(ROOM).story.title == before
    assert story.title in look("trainer", "side_by_side", room=room).text


def test_a_missing_example_case_is_reported(page: Screen, found: ComparisonResult):
    """Such as where no problem lies in another tenant."""
    nobody = SMALL.changed(0, Policy(), Behaviour(share_elsewhere=0.0))
    keep_job(Job(nobody, Stage.DONE, result=found, seconds=1.0))
    (said,) = page.open("what_if", q=nobody.link).click("case open").said
    assert said.startswith("There is no such case: no ticket whose problem lies in another tenant")


# The arms.


@pytest.mark.parametrize("name", experiments())
def test_the_shipped_experiments_are_questions_to_begin_with(page: Screen, name: str):
    """With the same arms and size, and each as a link."""
    page.click("change 1").choose("ready", name)
    experiment = experiments()[name]
    assert asked(page).worlds == experiment.arms
    assert (asked(page).tickets, asked(page).replications) == (experiment.tickets, experiment.replications)
    assert all(arm.name in page.text for arm in experiment.arms) and "editor done" not in page.keys


def test_arms_are_added_changed_and_removed(page: Screen, tmp_path: Path):
    """A preset, a saved policy, a copy of the base that is changed at once; at most five."""
    save_policy("strict-one", Policy(approval=Approval.EACH, history_days=9))
    page.click("remove 4").click("remove 3").click("remove 2")
    page.choose("add arm", "okta").choose("add arm", "strict-one")
    page.choose("add arm", "A copy of the base, to change")
    assert list(asked(page).arms) == ["Expires after 4 days", "Okta support access", "strict-one", "A variant"]
    assert page.app.text_input(key="arm name").value == "A variant"
    assert asked(page).worlds[3].policy == Policy(approval=Approval.EACH, history_days=9)
    page.click("editor done")
    assert not any(box.key == "arm name" for box in page.app.text_input)
    page.choose("add arm", "two-key")
    assert not any(box.key == "add arm" for box in page.app.selectbox)


def test_every_setting_of_an_arm_is_in_the_editor_and_goes_into_the_link(page: Screen):
    """The policy's, save for who sees what."""
    page.click("change 2")
    app = page.app
    page.choose("arm 2 approval", "resource").choose("arm 2 grant_lasts", "1 day")
    page.choose("arm 2 pending_expires_after", "14 days").choose("arm 2 history_from", "created")
    app.number_input(key="arm 2 history_days").set_value(7)
    page.run()
    app.checkbox(key="arm 2 ask_again_after_grant").check()
    page.run()
    app.text_input(key="arm name").set_value("Resource alone")
    page.run()
    assert asked(page).arms["Resource alone"] == {
        "policy": {
            "approval": "resource",
            "pending_expires_after": "14 days",
            "grant_lasts": "1 day",
            "history_days": 7,
            "history_from": "created",
            "ask_again_after_grant": True,
        }
    }
    page.choose("arm preset", "okta")
    assert asked(page).worlds[2].policy == PRESETS["okta"]
    assert "access lasts 1 day" in page.text


def test_every_assumption_is_in_the_editor_and_goes_into_the_link(page: Screen):
    """Labelled as what it is; in the base it goes for all arms."""
    page.click("change 0")
    assert "assumptions, not facts" in page.text
    for name, field in Behaviour.__dataclass_fields__.items():
        assert field.metadata["says"].partition(";")[0].lower() in page.text.lower()
        if name.startswith("share_"):
            page.app.number_input(key=f"assume {name}").set_value(42.0)
        elif isinstance(field.default, Delay):
            page.app.number_input(key=f"assume {name} p90").set_value(None)
            page.run()
            page.app.number_input(key=f"assume {name} median").set_value(7.0)
        elif name == "common_administrators":
            page.app.number_input(key=f"assume {name}").set_value(7)
        elif field.default is None:
            page.choose("assume work", True)
            page.app.text_input(key="assume zone").set_value("Asia/Tokyo")
            page.run()
            page.app.slider(key="assume hours").set_value((9, 12))
        else:
            page.app.number_input(key=f"assume {name}").set_value(50.0)
        page.run()
    people = Behaviour(
        50.0,
        *(0.42,) * 3,
        Delay(7.0),
        Delay(7.0),
        WorkingHours("Asia/Tokyo", 9, 12),
        *(0.42,) * 2,
        Delay(7.0),
        0.42,
        *(Delay(7.0),) * 2,
        50.0,
        7,
    )
    assert {arm.behaviour for arm in asked(page).worlds} == {people}
    assert "tickets opened a day: 50 instead of 400" in page.text


def test_an_assumption_may_be_smaller_than_anybody_would_type(page: Screen):
    """A link has it all the same, and the editor shows it."""
    few = Behaviour(tickets_per_day=0.25, ask=Delay(0.001, 0.002))
    page.open("what_if", q=SMALL.changed(0, Policy(), few).link).click("change 0")
    assert page.app.number_input(key="assume tickets_per_day").value == 0.25
    assert page.app.number_input(key="assume ask median").value == 0.001


@pytest.mark.parametrize(
    ("widget", "key", "value", "says"),
    [
        ("number_input", "assume ask p90", 1.0, "p90_hours must be at least the median"),
        ("text_input", "arm name", "Expires after 4 days", "another arm is called 'Expires after 4 days' already"),
        ("text_input", "arm name", "As the source says", "is what the base is called"),
        ("text_input", "arm name", "\u200b", "1 to 80 characters on one line"),
    ],
)
def test_an_invalid_arm_is_refused_with_the_reason(page: Screen, widget: str, key: str, value: object, says: str):
    """And the question stays as it was."""
    page.click("change 2")
    getattr(page.app, widget)(key=key).set_value(value)
    page.run()
    (said,) = page.said
    assert says in said and said.endswith("Nothing was changed.")
    assert asked(page) == SMALL


def test_the_size_is_chosen_within_its_limits(page: Screen):
    """More than can be answered in a reasonable time is refused with the limit."""
    for name, value in (("replications", 7), ("tickets", 1_000_000), ("seed", 3)):
        page.app.number_input(key=f"size {name}").set_value(value)
        page.run()
    assert (asked(page).tickets, asked(page).replications, asked(page).seed) == (1_000_000, 7, 3)
    page.app.number_input(key="size replications").set_value(200)
    (said,) = page.run().said
    assert "more than 40,000,000" in said and asked(page).replications == 7


def test_the_figure_that_decides_is_chosen_before_the_run(page: Screen):
    """It is part of the question, and so of the experiment."""
    assert asked(page).primary == "median hours to resolution"
    page.choose("primary", "hours of access per ticket")
    assert asked(page) == replace(SMALL, primary="hours of access per ticket")
    assert asked(page).experiment.primary == "hours of access per ticket"


def test_an_invalid_link_is_reported_and_the_default_question_shown(page: Screen):
    """Whatever stands in it."""
    page.open("what_if", q=RAW)
    (said,) = page.said
    assert said.startswith("The question in this link cannot be read: it is damaged")
    assert "5 policies" not in page.text and "4 policies × 20 repetitions" in page.text
    page.click("remove 1")
    assert page.said == [] and len(asked(page).arms) == 2


# What others wrote, and what is whose.


def test_names_that_others_wrote_reach_no_place_that_reads_markdown(page: Screen, found: ComparisonResult):
    """Of a base and an arm, in every state of the page; a picture and a selection show them as they are."""
    named = replace(SMALL, name=f"{RAW} base", arms={f"{RAW} {n}": arm for n, arm in enumerate(SMALL.arms.values())})
    same = dict(zip([SMALL.name, *SMALL.arms], [arm.name for arm in named.worlds], strict=True))
    comparison = replace(
        found.comparison,
        arms=named.worlds,
        **{name: frame.assign(arm=frame["arm"].map(same)) for name, frame in found.comparison.tables.items()},
    )
    keep_job(Job(named, Stage.DONE, result=replace(found, comparison=comparison), seconds=1.0))
    page.open("what_if", q=named.link).click("fold question").click("change 1").click("case open")
    assert f"{RAW} base" in page.text and DONE in page.text
    assert exposed(page) <= {
        "delta.new_element.selectbox.options",
        "delta.new_element.selectbox.raw_value",
        "delta.new_element.dataframe.arrow_data.data",
        "delta.new_element.arrow_data_frame.data",
        "delta.new_element.text_input.value",
        "delta.new_element.text_input.default",
    }


def test_the_page_reveals_nothing_about_the_room(enter: Enter, look: Look):
    """Whoever looks, whether access was removed meanwhile or not: the same bytes, with the frame around the page.

    The trainer's frame says what is due next: beside it the bytes are the same.
    """
    room = enter("removal-stays-private", steps=3)
    viewers = ("adele@contoso", "ben@contoso", "trainer")
    before, after = [], []
    for kept in (before, after):
        for viewer in viewers:
            kept.append(look(viewer, "what_if", q=SMALL.link).sent(beside_the_frame=viewer == "trainer"))
        if kept is before:
            room.do(Revoke("r1"), room.member("adele", "fabrikam"))
    assert all(len(sent) > 20 for sent in before) and before == after
