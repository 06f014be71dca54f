"""The parameters of a link that search, filter, sort and page a table, and choose its columns."""

from datetime import datetime

import pytest

from dashboard.parts.table.choice import PAGE, Choice, arranged, page_of, read_choice, shown_columns
from dashboard.parts.table.columns import Column, status, support_request_id, text, time

NOW = datetime(2026, 3, 4, 12)
COLUMNS = [
    support_request_id(),
    text("title", "Title"),
    status(),
    text("tenant", "Tenant", names={"c": "Contoso", "f": "Fabrikam"}),
    time("at", "Changed", NOW),
    text("reason", "Reason", hidden=True),
]
ROWS = [
    {"ticket_id": "t1", "title": "zebra", "status": "Pending", "tenant": "f", "at": None, "reason": "Sign-in logs"},
    {
        "ticket_id": "t2",
        "title": "Guests",
        "status": "Canceled",
        "tenant": "c",
        "at": datetime(2026, 3, 1),
        "reason": "",
    },
    {"ticket_id": "t3", "title": "apple", "status": "Pending", "tenant": "c", "at": datetime(2026, 3, 3), "reason": ""},
]


def shown(**link: str) -> list[str]:
    """Return the ids of the rows that a link shows, from the top."""
    choice = read_choice({name: [value] for name, value in link.items()}, COLUMNS, ("status", "tenant"))
    return [row["ticket_id"] for row in arranged(ROWS, COLUMNS, choice)]


def test_a_link_without_choices_shows_the_rows_in_their_original_order():
    assert shown() == ["t1", "t2", "t3"]
    assert read_choice({"room": ["a"], "viewer": ["b"]}, COLUMNS, ()) == Choice()


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("title", ["t3", "t2", "t1"]),  # whatever the case
        ("-title", ["t1", "t2", "t3"]),
        ("tenant", ["t2", "t3", "t1"]),  # by the displayed name; ties in their original order
        ("at", ["t2", "t3", "t1"]),
        ("-at", ["t3", "t2", "t1"]),  # rows without a time come last in both directions
    ],
)
def test_rows_are_sorted_by_a_column(sort: str, found: list[str]):
    assert shown(sort=sort) == found


def test_a_search_matches_each_word_in_any_column_even_a_hidden_one():
    assert shown(search="CONTOSO guests") == ["t2"]
    assert shown(search="logs") == ["t1"]
    assert shown(search="contoso logs") == []
    assert shown(search=" ") == ["t1", "t2", "t3"]


def test_a_filter_keeps_the_rows_that_show_one_of_its_texts():
    assert shown(status="Pending") == ["t1", "t3"]
    assert shown(status="Canceled (lab)") == ["t2"]
    assert shown(status="Pending", tenant="Contoso") == ["t3"]
    assert shown(title="apple") == ["t1", "t2", "t3"]  # the list has no such filter


@pytest.mark.parametrize(
    "link", [{"sort": "nothing"}, {"page": "-1"}, {"page": "9" * 99}, {"columns": ",x"}, {"page": "²"}]
)
def test_unknown_parameters_are_ignored(link: dict[str, str]):
    assert read_choice({name: [value] for name, value in link.items()}, COLUMNS, ()) == Choice()


def test_columns_are_chosen_and_keep_their_order():
    assert [c.key for c in shown_columns(COLUMNS, Choice())] == ["ticket_id", "title", "status", "tenant", "at"]
    chosen = read_choice({"columns": ["reason,title"]}, COLUMNS, ())
    assert [c.key for c in shown_columns(COLUMNS, chosen)] == ["title", "reason"]


@pytest.mark.parametrize(
    ("rows", "page", "first", "number"), [(60, 2, 25, 2), (60, 9, 50, 3), (25, 2, 0, 1), (0, 3, None, 1)]
)
def test_a_page_beyond_the_end_shows_the_last_one(rows: int, page: int, first: int | None, number: int):
    found, shown, pages = page_of([{"n": n} for n in range(rows)], Choice(page=page))
    assert (found[0]["n"] if found else None, shown) == (first, number)
    assert len(found) <= PAGE and pages == max(1, -(-rows // PAGE))


def test_a_heading_sorts_by_its_column_and_then_in_reverse():
    usual = Choice()
    assert usual.sort_after_click("title", "-at") == "title"
    assert usual.sort_after_click("at", "at") == "-at"
    assert Choice(sort="title").sort_after_click("title", "-at") == "-title"
    assert Choice(sort="-title").sort_after_click("title", "-at") == "title"


def test_a_cell_shows_invisible_characters():
    cell = Column("x", "X", lambda row: row["x"]).cell_of({"x": "Pend\u202eing\n now"})
    assert cell.text == "Pend\\u202eing now"


def test_the_statuses_of_this_project_are_marked():
    assert [status().cell_of(row).text for row in ROWS] == ["Pending", "Canceled (lab)", "Pending"]
