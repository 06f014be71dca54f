"""Words on screen: user texts are escaped for Markdown, and times and durations read naturally."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.text.words import (
    ago,
    ahead,
    badge,
    moment,
    plain,
    policy_in_words,
    policy_name,
)
from data.scenario.policy_words import differences
from model import PRESETS, SETTINGS, SOURCE_VISIBILITY, Policy, Side, Status, TicketStatus
from tests.dashboard.screen import read

JOINER = "\u2060"
PAYLOADS = [
    *("![x](http://evil.test/x.png)", "[a](javascript:alert(1))", "<b>x</b>", ":red[hi]", ":material/delete:"),
    *("$x$ and $y$", "$$x$$", "# h", "`c`", "``` x", "http://example.test", "www.example.test", "WWW.example.test"),
    *("me@example.test", "mailto:me@example.test", "xmpp:a@b.test/x", "https://\u4f8b\u3048.test/?a=b&c=d", ":smile:"),
    *("a\nb", "   lead", "\tcode", "line1\r\nline2", "1. x", "1) x", "- x", "+ x", "* a *b*", "-> <- -- >= ~="),
    *("a | b\n--|--\n1 | 2", "\\*x\\*", "&amp; &lt;", "http&#58;//x.test", "[^1] [x]: http://q.test", "> q"),
    *("<https://evil.test/>", "~~s~~ __u__ ", "- [ ] t", "===", "---", "#", "+", "", "a_b_c", ":streamlit:"),
    *(":blue-badge[x]", ":small[x]", "it's 'q' \"d\"", ":Material/delete: :material/home:x", "[x]", "(c) (tm) ..."),
    *("foo:bar:baz", "10:30:00", "\u00dcn\u00efcode \u2713 \u65e5\u672c", "wwww.x.test", "a\u00a0b", "x\u2028y"),
]
PUNCTUATION = r"[!-/:-@\[-`{-~]"


def assert_harmless(text: str) -> None:
    shown = plain(text)
    assert read(shown) == " ".join(text.replace(JOINER, "").split()), "it is not what was written"
    assert re.fullmatch(rf"(\\{PUNCTUATION}|(?!{PUNCTUATION})[^\n\r])*", shown), "a sign of Markdown is not escaped"
    assert shown == shown.strip(), "it is indented, or breaks the line"
    unescaped = re.sub(rf"\\({PUNCTUATION})", r"\1", shown)  # as what looks for addresses and arrows later gets it
    assert not re.search(r"[:@.\-<>~=][^\s\u2060]", unescaped), "an address, arrow or directive could be recognised"
    assert not re.search(r"www\.", unescaped, re.IGNORECASE), "an address could be recognised"


@pytest.mark.parametrize("text", PAYLOADS)
def test_user_text_is_inert(text: str):
    """It is shown as it is, on one line: nothing bold, no image, no link, no icon, no formula."""
    assert_harmless(text)


@given(st.text(alphabet=st.sampled_from([*map(chr, range(32, 127)), "\n", "\t", "ü", "日"]), max_size=40))
def test_random_text_is_inert(text: str):
    """Any mixture of signs."""
    assert_harmless(text)


def test_values_other_than_text_are_shown():
    """A number or a status, as it prints."""
    assert plain(3) == "3" and plain(Status.PENDING) == "Pending"


def test_a_time_is_shown_to_the_minute_or_to_the_second_if_needed():
    """One second before nine is not nine."""
    assert moment(datetime(2026, 3, 2, 9)) == "Mon 02 Mar 2026, 09:00"
    assert moment(datetime(2026, 3, 6, 8, 59, 59)) == "Fri 06 Mar 2026, 08:59:59"
    assert moment(None) == "–"


def test_before_and_after():
    """How long ago, and in how long."""
    now = datetime(2026, 3, 2, 9)
    assert ago(now, now) == ago(now - timedelta(seconds=59), now) == "just now"
    assert ago(now - timedelta(hours=49), now) == "2 days 1 hour ago"
    assert ahead(now + timedelta(days=4), now) == "in 4 days"
    assert ahead(now + timedelta(seconds=1), now) == "in less than a minute"


def test_every_status_has_its_badge():
    """In a colour that Streamlit has; the two that the source does not name are marked as the lab's."""
    for status in (*Status, *TicketStatus):
        mark = r" \(lab\)" if status in (Status.CANCELED, Status.EXPIRED) else ""
        assert re.fullmatch(rf":(orange|green|red|violet|blue|gray)-badge\[{status}{mark}\]", badge(status))


def test_a_policy_is_named_by_its_preset():
    """Or told to be this room's own."""
    assert policy_name(Policy()) == PRESETS["source"].title
    assert policy_name(Policy(history_days=7)) == "A policy of this room's own"


def test_what_differs_from_the_source_is_told_to_the_second_and_the_cell():
    """A length is not rounded, and each cell of the visibility table is told by itself."""
    shows = SOURCE_VISIBILITY ^ {(Status.REVOKED, Side.SUPPORT), (Status.REVOKED, Side.RESOURCE)}
    policy = Policy(grant_lasts=timedelta(hours=36), visibility=shows)
    assert differences(policy) == [
        ("access lasts 36 hours", "access lasts until the support request closes"),
        (
            "the support request tenant sees what is Revoked",
            "the support request tenant does not see what is Revoked",
        ),
        ("the resource tenant does not see what is Revoked", "the resource tenant sees what is Revoked"),
    ]
    assert differences(Policy()) == [] and differences(policy, policy) == []


@pytest.mark.parametrize("policy", PRESETS.values(), ids=PRESETS)
def test_a_policy_in_words_tells_its_settings_and_its_differences(policy: Policy):
    """All in one sentence; who sees what is told only where it is not as in the source."""
    told = policy_in_words(policy)
    assert all(clause in told for clause, _ in differences(policy))
    assert (
        "what is" not in told
        and told.count(";") + 1 == len({its.clause for its in SETTINGS.values() if its.clause}) == 6
    )


def test_invisible_characters_are_shown_and_right_to_left_stays_within_its_text():
    """Else a title would move the badge that stands after it."""
    assert plain("Pend\u202eing\u200b") == "Pend\\\\u202eing\\\\u200b"
    assert plain("\u05e9\u05dc\u05d5\u05dd") == "\u2068\u05e9\u05dc\u05d5\u05dd\u2069"
