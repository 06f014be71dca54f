"""The HTML of a card and of a table, in full."""

from model.html_parts import card, table, words

CELL = "text-align:left;vertical-align:top;padding:2px 12px 2px 0"


def test_a_text_is_shown_as_it_is_written():
    """Text makes no element, ends no attribute, and hides no invisible character."""
    assert words("<b> & \"a\" 'b'") == "&lt;b&gt; &amp; &quot;a&quot; &#x27;b&#x27;"
    assert words(12) == "12"
    assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in words("a\N{RIGHT-TO-LEFT OVERRIDE}b")


def test_a_card_is_a_title_and_a_line_for_each_fact():
    """A card without facts is its title."""
    assert card("A <room>", {"Time": "now", "Tenants & more": 2}) == (
        "<p><strong>A &lt;room&gt;</strong></p><table>"
        f'<tr><th style="{CELL}">Time</th><td style="{CELL}">now</td></tr>'
        f'<tr><th style="{CELL}">Tenants &amp; more</th><td style="{CELL}">2</td></tr></table>'
    )
    assert card("A", {}) == "<p><strong>A</strong></p><table></table>"


def test_a_table_has_a_caption_a_head_and_rows():
    """A table without rows says so."""
    assert table("<All>", [{"a<": 1, "b": "<"}, {"a<": 2, "b": "y"}]) == (
        "<p><strong>&lt;All&gt;</strong></p><table>"
        f'<thead><tr><th style="{CELL}">a&lt;</th><th style="{CELL}">b</th></tr></thead>'
        f'<tbody><tr><td style="{CELL}">1</td><td style="{CELL}">&lt;</td></tr>'
        f'<tr><td style="{CELL}">2</td><td style="{CELL}">y</td></tr></tbody></table>'
    )
    assert table("All", [{"only": 1}]).count("only") == 1
    assert table("All", []) == "<p><strong>All</strong></p><p>nothing</p>"


def test_a_table_says_how_many_rows_it_leaves_out():
    """Eight rows are shown by default; nothing is said if all fit."""
    rows = [{"n": f"row {number}"} for number in range(1, 1010)]
    assert table("A", rows[:8]).count("<tr>") == 1 + 8 and "more" not in table("A", rows[:8])
    assert table("A", rows).count("<tr>") == 1 + 8 and table("A", rows).endswith("</table><p>and 1,001 more</p>")
    assert "row 2" in table("A", rows, most=2) and "row 3" not in table("A", rows, most=2)
    assert table("A", rows[:3], most=2).endswith("<p>and 1 more</p>")
