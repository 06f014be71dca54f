"""The Policy page: the link has every setting and box, promises turn green and red, and policies are used elsewhere."""

import time
from datetime import timedelta
from pathlib import Path

import pytest

from dashboard.background.jobs import checks
from dashboard.background.jobs.job_queue import Job, Stage
from dashboard.background.rooms import rooms
from dashboard.parts.policy import promise_list, use_policy, verdict_picture
from dashboard.text.policy_link import policy_code, policy_of
from dashboard.text.question import Question
from data.scenario.policy_files import policies, read_policy
from model import PRESETS, SOURCE_VISIBILITY, Approval, Approve, HistoryFrom, Policy, Revoke, Side, Status
from model.checker.report import SMALL
from tests.dashboard.conftest import ROOM, Enter, Look
from tests.dashboard.screen import Screen

LEAK = "visibility.Revoked-both"
BOX = "policy visibility Revoked support request tenant"


@pytest.fixture
def page(enter: Enter, look: Look) -> Screen:
    """Open the page as the trainer, in a small room."""
    enter("cross-tenant-approval")
    return look("trainer", "policy")


def tick(screen: Screen, key: str) -> Screen:
    box = screen.app.checkbox(key=key)
    box.set_value(not box.value)
    return screen.run()


def type_in(screen: Screen, key: str, text: str) -> Screen:
    """Type a value that is not an option, as a browser allows."""
    screen.app.selectbox(key=key).options.append(text)
    return screen.choose(key, text)


def said_of(screen: Screen, promise: str) -> str:
    """Return the badge: holds, broken, or under a condition."""
    told = next(text.value for text in screen.app.markdown if f"**{promise}**" in text.value)
    return told.partition("-badge[")[2].partition("]")[0]


def test_beside_the_privacy_of_removals_it_says_that_times_can_reveal_them(page: Screen):
    """On what condition, and where it is measured; not where a screen tells anyway."""
    assert page.text.count(promise_list.TIME_TELLS) == 1
    told = next(text.value for text in page.app.markdown if promise_list.TIME_TELLS in text.value)
    assert "**Removal is private**" in told
    assert promise_list.TIME_TELLS not in tick(page, BOX).text


# The link.


def test_it_begins_with_the_source(page: Screen):
    """Whose settings are all shown, and nothing differs."""
    assert page.app.selectbox(key="begin with").value == "source"
    assert page.app.selectbox(key="policy approval").value == "both"
    assert page.app.number_input(key="policy history_days").value == 30
    assert "Nothing differs: this is the source's policy." in page.text
    assert "reset" not in page.keys


def test_every_setting_and_box_changes_the_policy_of_the_link(page: Screen, monkeypatch: pytest.MonkeyPatch):
    """One after the other, and each shows what the link then says. (All these policies are not checked here.)"""
    app, source = page.app, checks.report("source")
    monkeypatch.setattr(checks, "report", lambda _: source)
    page.choose("policy approval", "each")
    type_in(page, "policy pending_expires_after", "36 hours")
    page.choose("policy grant_lasts", "8 hours")
    page.choose("policy history_from", "created")
    app.number_input(key="policy history_days").set_value(7)
    page.run()
    tick(page, "policy ask_again_after_grant")
    for status in Status:
        for side in Side:
            tick(page, f"policy visibility {status} {side}")
    assert policy_of(app.query_params["policy"]) == Policy(
        approval=Approval.EACH,
        pending_expires_after=timedelta(hours=36),
        grant_lasts=timedelta(hours=8),
        history_days=7,
        history_from=HistoryFrom.CREATED,
        visibility=frozenset((status, side) for status in Status for side in Side) - SOURCE_VISIBILITY,
        ask_again_after_grant=True,
    )
    assert app.selectbox(key="policy pending_expires_after").value == "36 hours"
    assert page.text.count("in the source: ") == 5 + len(Status) * len(Side)


def test_a_length_that_is_none_changes_nothing(page: Screen):
    """It says what would be one, and the page is as it was; the error goes with the next choice."""
    type_in(page, "policy grant_lasts", "soon")
    assert page.said == [
        'policy.grant_lasts: a duration reads like "12 hours" or "4 days", or is "until the ticket closes", '
        "not 'soon'. Nothing was changed."
    ]
    assert page.app.selectbox(key="policy grant_lasts").value == "until the ticket closes"
    assert "policy" not in page.app.query_params
    assert page.choose("policy grant_lasts", "8 hours").said == []


def test_a_preset_can_be_loaded_and_left(page: Screen):
    """All its figures are in the settings, and where they were read is said; a press leads back."""
    page.choose("begin with", "azure-customer-lockbox")
    assert page.app.query_params["policy"] == "azure-customer-lockbox"
    assert page.app.selectbox(key="policy pending_expires_after").value == "4 days"
    assert "Read in: Customer Lockbox for Microsoft Azure" in page.text
    page.click("reset")
    assert page.app.selectbox(key="begin with").value == "source"


@pytest.mark.parametrize(
    "link", ["nonsense", "grant_lasts.![x](http://evil.test/x.png)", "visibility.Revoked-" + "x" * 900]
)
def test_a_link_without_a_valid_policy_says_so(enter: Enter, look: Look, link: str):
    """It shows the source's."""
    enter("cross-tenant-approval")
    screen = look("trainer", "policy", policy=link)
    assert len(screen.said) == 1 and screen.said[0].startswith("The policy of this link cannot be read:")
    assert screen.app.selectbox(key="begin with").value == "source"


def test_the_policy_of_a_room_is_a_link_away(enter: Enter, look: Look):
    """From the page that tells of the room."""
    enter("cross-tenant-approval", policy={"grant_lasts": "8 hours"})
    links = look("trainer", "scenarios").links
    assert links["Is this policy safe?"] == f"room={ROOM}&viewer=trainer&policy=grant_lasts.8-hours"


# The promises.


def test_a_box_turns_a_promise_red_and_a_press_turns_it_green(page: Screen):
    """The source's policy is safe; who shows removals breaks that one promise, and sees how."""
    assert said_of(page, "Removal is private") == "holds"
    assert "**Safe**] · all 12 promises hold (1 only under a condition)" in page.text
    tick(page, BOX)
    assert page.app.query_params["policy"] == LEAK
    assert said_of(page, "Removal is private") == "broken"
    assert "**Not safe**] · 1 of 12 promises is broken" in page.text
    assert "The support request tenant sees what is Revoked" in page.text
    page.click("reset")
    assert said_of(page, "Removal is private") == "holds"


def test_a_promise_under_a_condition_says_it_and_shows_how(page: Screen):
    """What the source leaves open: who decides where nobody administers both tenants."""
    (name,) = [key for key in page.keys if key.startswith("show ")]
    promise = name.removeprefix("show ")
    assert said_of(page, promise) == "under a condition"
    assert "Not where nobody administers both tenants." in page.text
    assert f"“{promise}”" not in page.text
    page.click(name)
    assert page.app.query_params["show"] == promise and f"“{promise}”" in page.text
    page.choose("policy pending_expires_after", "4 days")
    assert said_of(page, promise) == "holds" and "show" not in page.app.query_params


def test_a_visible_removal_is_two_columns_of_screens(page: Screen):
    """What Contoso sees with the removal and without it, from the steps to the lists, and what is not the same."""
    tick(page, BOX)
    for heading in ("removed access", "did not remove access"):
        assert f"What Contoso sees if Fabrikam {heading}" in page.text
    assert page.text.count("**Approved access** :violet-badge[:material/call_split: differs]") == 2
    assert page.text.count("only here") == 1
    lists = [text.value for text in page.app.markdown if text.value.startswith("**Approved access**")]
    assert ":red-badge[Revoked]" in lists[0] and lists[1].endswith(":violet-background[nothing]")


@pytest.mark.parametrize("number", [0, 1])
def test_a_counterexample_opens_as_a_story_in_a_new_room(page: Screen, number: int):
    """Under the policy, played to its end as it says; the room that one came from is as it was."""
    before = rooms().get(ROOM).state
    tick(page, BOX).click(f"open story {number}")
    room = rooms().get(page.app.query_params["room"])
    assert page.title == "Side by side" and room.policy == policy_of(LEAK)
    assert rooms().get(ROOM).state == before
    page.open("side_by_side")  # where it is: AppTest goes on where it was before
    while "next step" in page.keys:
        page.click("next step")
    assert "The story is finished" in page.text and not page.app.warning
    statuses = list(room.overview().requests()["status"])
    assert statuses == [["Revoked"], ["Approved"]][number]


def test_what_only_one_of_two_people_could_see_is_marked_too(enter: Enter, look: Look):
    """An answer, or a line of the audit log: whatever it is that differs stands in the columns, marked."""
    enter("cross-tenant-approval")
    screen = look("trainer", "policy", policy="ask_again_after_grant.yes")
    assert said_of(screen, "Removal is private") == "broken"
    assert screen.text.count(":violet-background[") >= 2


def until_over(code: str) -> Job:
    """Wait for a thorough check."""
    for _ in range(1200):
        job = checks.thorough().find(code)
        if job and job.over:
            return job
        time.sleep(0.05)
    raise AssertionError("the check is not over")


def test_a_thorough_check_runs_beside_the_page(page: Screen, monkeypatch: pytest.MonkeyPatch):
    """Its report takes the place of the quick one once it is there; the page can be used meanwhile."""
    monkeypatch.setattr(checks.thorough(), "bounds", SMALL)
    page.click("thorough")
    assert checks.thorough().find("source") is not None and "thorough" not in page.keys
    found = until_over("source").result
    page.run()
    assert f"Tried in {found.seconds:.1f} seconds" in page.text
    assert found.promises == checks.report("source").promises
    assert "thorough" in page.choose("begin with", "okta").keys


def test_a_failed_thorough_check_is_reported(page: Screen, monkeypatch: pytest.MonkeyPatch):
    """It can be repeated."""
    monkeypatch.setattr(checks.thorough(), "command", ("false",))
    page.click("thorough")
    assert until_over("source").stage is Stage.FAILED
    assert page.run().said == ["The check ended before it was done; the app's own log says more."]
    monkeypatch.undo()


def test_a_broken_policy_is_repaired_by_a_press(page: Screen):
    """The smallest repairs are found beside the page, and using one sets the editor's policy."""
    assert "find repairs" not in page.keys, "the source's is safe"
    tick(page, BOX)
    page.click("find repairs")
    for _ in range(1200):
        job = checks.repair_searches().find(LEAK)
        if job and job.over:
            break
        time.sleep(0.05)
    page.run()
    assert "One change is enough:" in page.text
    assert "The support request tenant does not see what is Revoked" in page.text
    page.click("use repair 0")
    assert page.app.query_params.get("policy", "source") in ("source", ["source"])
    assert said_of(page, "Removal is private") == "holds"


def test_broken_promises_come_first_with_two_screens_and_the_rest_is_folded(page: Screen):
    """Above everything that holds, in the column of the verdict."""
    tick(page, BOX)
    shown = [text.value for text in page.app.markdown]
    broken = next(place for place, text in enumerate(shown) if "**Removal is private**" in text)
    screen = next(place for place, text in enumerate(shown) if "What Contoso sees if Fabrikam removed access" in text)
    holds = [place for place, text in enumerate(shown) if ":green-badge[holds]" in text]
    assert broken < screen < min(holds) and page.app.expander[0].label == "11 promises hold"
    assert page.app.header[0].value == promise_list.verdict(checks.report(LEAK))
    for word in ("knob", "small world", "bounds"):
        assert word not in page.text


def test_the_verdict_can_be_downloaded_as_a_picture(page: Screen):
    """A column for this policy and one for the source's, in the words of the page."""
    labels = {button.label for button in page.app.download_button}
    assert {f"Which promises this policy keeps ({kind})" for kind in ("PNG", "SVG")} <= labels
    (one,) = verdict_picture.parts(checks.report("source"))
    (two,) = verdict_picture.parts(checks.report(LEAK))
    assert [{row["policy"] for row in next(iter(spec["datasets"].values()))} for spec in (one, two)] == [
        {"this policy"},
        {"this policy", "the source"},
    ]
    rows = next(iter(two["datasets"].values()))
    assert {"promise": "Removal is private", "policy": "this policy", "found": "broken"} in rows


# What can be done with it.


def test_a_room_begins_under_the_policy(page: Screen):
    """A new one, beside the old, with the story that was chosen."""
    tick(page, BOX).choose("scenario", "removal-stays-private").click("start room")
    room = rooms().get(page.app.query_params["room"])
    assert page.title == "Side by side" and page.app.query_params["room"] != ROOM
    assert (room.story.title, room.policy) == ("Removal stays private", policy_of(LEAK))
    assert any("has begun" in said for said in page.said)


def test_what_if_gets_the_policy_as_an_arm(page: Screen):
    """By the link, which its page reads."""
    tick(page, BOX)
    link = dict(pair.split("=", 1) for pair in page.links["Compare it in What if"].split("&"))
    assert link["room"] == ROOM
    assert [arm.policy for arm in Question.read(link["q"]).worlds] == [Policy(), policy_of(LEAK)]


def save(screen: Screen, name: str, title: str = "") -> list[str]:
    screen.app.text_input(key="save name").input(name)
    screen.app.text_input(key="save title").input(title)
    return screen.click("save").said


def test_a_policy_is_saved_by_a_name_for_everybody(page: Screen, look: Look, tmp_path: Path):
    """It says where, and how to check it there; anybody can begin with it."""
    tick(page, BOX)
    (said,) = save(page, "shows-removals", "![x](http://evil.test/x.png)")
    assert "shows-removals.toml" in said and "python -m data prove shows-removals.toml" in said
    assert str(tmp_path) not in page.text
    assert read_policy(tmp_path / "policies" / "shows-removals.toml") == policy_of(LEAK)
    screen = look("adele@contoso", "policy").choose("begin with", "shows-removals")
    assert screen.app.query_params["policy"] == LEAK
    assert "![x](http://evil.test/x.png)." in screen.text


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "an id has lower-case letters"),
        ("../../etc/passwd", "an id has lower-case letters"),
        ("okta", "'okta' is a preset"),
        ("taken", "'taken' is taken"),
    ],
)
def test_an_invalid_name_for_a_policy_is_refused(page: Screen, name: str, told: str):
    """Saved policies are kept."""
    save(page, "taken")
    (said,) = save(tick(page, BOX), name)
    assert said.startswith("Not saved.") and told in said
    assert policies()["taken"] == Policy() and set(policies()) == {*PRESETS, "taken"}


def test_the_number_of_saved_policies_is_limited(page: Screen, monkeypatch: pytest.MonkeyPatch):
    """Nobody can fill the disk through this page."""
    monkeypatch.setattr(use_policy, "_MOST_SAVED", 1)
    save(page, "one")
    assert "which is the most" in save(page, "two")[0] and "two" not in policies()


def test_a_damaged_saved_file_is_reported_and_skipped(page: Screen, tmp_path: Path):
    """The other policies are listed."""
    save(page, "good")
    (tmp_path / "policies" / "bad.toml").write_text("approval = 'ech'")
    page.run()
    assert "bad.toml" in page.text and "did you mean 'each'?" in page.text
    assert "good" in page.app.selectbox(key="begin with").options


# What it does not show.


def test_nothing_of_the_room_is_on_it(enter: Enter, look: Look):
    """A member of Contoso is sent the same, whether Fabrikam removed its access or not."""
    sent = []
    for preset in PRESETS:
        checks.report(preset)  # or the first page has to wait, and says so
    for acts in ([Approve], [Approve, Revoke]):
        room = enter("removal-stays-private", steps=2)
        for act in acts:
            room.do(act("r1"), room.member("adele", "fabrikam"))
        sent.append([look("ben@contoso", page).sent() for page in ("policy", "other_systems")])
    assert sent[0] == sent[1]


def test_the_policy_is_found_after_leaving_and_returning(page: Screen):
    """The side bar's link has no policy."""
    tick(page, BOX).open("pending")
    page.app.query_params.pop("policy")
    page.open("policy")
    assert page.app.checkbox(key=BOX).value and page.app.query_params["policy"] == LEAK
    page.click("reset").open("pending")
    page.app.query_params.pop("policy")
    assert page.open("policy").app.selectbox(key="begin with").value == "source"


def test_the_code_of_the_link_is_the_policy(page: Screen):
    """Whatever is chosen, a colleague who opens the link sees the same."""
    page.choose("begin with", "two-key")
    assert page.app.query_params["policy"] == policy_code(PRESETS["two-key"])
