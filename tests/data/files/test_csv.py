"""A downloaded CSV starts no formula in a spreadsheet, and its timestamps keep their time of day."""

import io

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.files.csv_and_parquet import csv_bytes

SIGNS = "=+-@＝＋－＠"  # noqa: RUF001
UNSEEN = "\ufeff\u200b\u2060\x00\x01\u00a0\u202e\xad \t"


def written(text: str) -> str:
    """Return the text as written in a CSV with one field."""
    header, body = csv_bytes(pd.DataFrame({"title": [text]})).decode("utf-8-sig").split("\n", 1)
    assert header == '"title"'
    return body.removesuffix("\n")


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", ["", *UNSEEN, "x;", "x\t", "x|", "x\n", "\r", "x; \u200b"])
def test_no_cell_starts_a_formula_whatever_the_separator(before: str, sign: str):
    """Invisible characters before a formula do not hide it."""
    field = written(f"{before}{sign}1+1")
    assert field[0] == field[-1] == '"'
    for separator in ";\t|\r\n":
        for cell in field[1:-1].split(separator):
            assert cell.lstrip(UNSEEN)[:1] not in (*SIGNS,)


@given(st.text(st.sampled_from("=+-@;\t\ufeff\u200b ax,\n\r|")))
def test_only_apostrophes_are_added(text: str):
    """Nothing else in a text is changed."""
    field = written(text)[1:-1]
    assert field.replace("'", "").replace("\r\n", "\n") == text.replace("\r\n", "\n")
    for separator in ";\t|\n\r":
        assert not any(cell.lstrip(UNSEEN)[:1] in (*SIGNS,) for cell in field.split(separator) if cell.lstrip(UNSEEN))


def test_a_timestamp_keeps_its_time_of_day_and_a_date_has_none():
    """The format is one that spreadsheets read."""
    moment, day = pd.Timestamp("2026-03-02 09:13:05"), pd.Timestamp("2026-03-02")
    read = csv_bytes(pd.DataFrame({"occurred_at": [moment, day], "day": [day, day]})).decode("utf-8-sig")
    assert read.split("\n")[1] == '"2026-03-02 09:13:05","2026-03-02"'
    back = pd.read_csv(io.StringIO(read), parse_dates=["occurred_at"])
    assert back["occurred_at"].tolist() == [moment, day]
