"""The shipped example and template, the command, and the round trip from a room to rows and back."""

import csv

import pandas as pd
import pytest

from data import Room
from data.__main__ import main
from data.imported.audit_logs import rows_of_audit_logs
from data.imported.fields import FIELDS
from data.imported.rows import rows_of
from tests.data.imported.example_files import FOLDER, audit_logs, tickets
from tests.data.imported.test_audit_logs import PORTAL


@pytest.fixture(scope="module")
def room():
    with Room.create(scenario="busy-week", seed=3) as room:
        yield room


def test_the_example_is_generated_and_only_its_last_five_rows_are_unusable():
    text = (FOLDER / "tickets.csv").read_text(encoding="utf-8")
    assert text == tickets()
    with Room.from_tickets(FOLDER / "tickets.csv") as made:
        assert made.verify()
        assert made.imported.refused["line"].tolist() == list(range(490, 495))
        assert "Outcome" in made.imported.columns.values()


def test_request_ids_are_long_enough_for_a_million():
    """With 16 characters, ids of length 10 would collide in a third of such rooms."""
    with Room.from_tickets(FOLDER / "tickets.csv") as made:
        ids = made.overview().requests()["request_id"]
    assert ids.is_unique and ids.str.fullmatch(r"r-[2-9bcdfghjk]{12}").all()


def test_the_example_audit_logs_are_generated_and_agree_in_each_form():
    """The portal's columns have our names, in `PORTAL`."""
    for name, text in audit_logs().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text
    forms = {".json": None, "-log-analytics.json": None, "-log-analytics.csv": None, "-portal.csv": PORTAL}
    found = [
        rows_of_audit_logs({"Contoso": FOLDER / f"audit-log-contoso{form}"}, places).rows
        for form, places in forms.items()
    ]
    assert len(found[0])
    for other in found[1:]:
        pd.testing.assert_frame_equal(found[0], other)


def test_the_template_has_every_field_and_is_fully_usable():
    with (FOLDER / "template.csv").open(encoding="utf-8") as file:
        assert next(csv.reader(file)) == list(FIELDS)
    with Room.from_tickets(FOLDER / "template.csv") as made:
        assert (made.imported.used, made.imported.left_out) == (2, 0)


def test_a_room_made_from_a_rooms_rows_has_the_same_rows(room):
    rows = rows_of(room.events(), room.directory)
    with Room.from_tickets(rows) as made:
        again = rows_of(made.events(), made.directory)
    assert made.imported.left_out == 0
    order = ["ticket", "asked"]
    known = [name for name in rows if name not in ("title", "reason")]
    pd.testing.assert_frame_equal(
        again[known].sort_values(order).reset_index(drop=True), rows[known].sort_values(order).reset_index(drop=True)
    )


def test_the_command_makes_a_room_and_reports_unusable_rows(tmp_path, capsys):
    left_out = tmp_path / "left-out.csv"
    status = main(["import", str(FOLDER / "tickets.csv"), str(tmp_path / "r.duckdb"), "--left-out", str(left_out)])
    told = capsys.readouterr().out
    assert status == 0
    assert "488 of 493 rows: 480 tickets, 175 access requests" in told
    assert "line 491: decision: “perhaps” is neither approved nor rejected" in told
    assert len(pd.read_csv(left_out)) == 5
    with Room.open(tmp_path / "r.duckdb") as made:
        assert made.verify()


def test_the_command_reports_errors_and_makes_nothing(tmp_path, capsys):
    assert main(["import", str(tmp_path / "none.csv"), str(tmp_path / "r.duckdb")]) == 1
    assert "there is no file" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["import", "x.csv", str(tmp_path / "r.duckdb"), "--column", "opened"])
    assert not (tmp_path / "r.duckdb").exists()
