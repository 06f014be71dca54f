"""Bad data is normal: each unusable row is reported with its line and reason."""

from datetime import datetime

import pandas as pd
import pytest

from data import Room

HEADER = "Case ID;Customer;Target tenant;Created;Requested;Decided at;Outcome;Revoked;Closed"
GOOD = "T1;Ann;Bob;2026-03-02 09:00;2026-03-02 10:00;2026-03-02 11:00;Approved;;2026-03-05 09:00"


def room_of(folder, *lines, header=HEADER, **how):
    file = folder / "tickets.csv"
    file.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8-sig")
    return Room.from_tickets(file, **how)


def reasons(room):
    return dict(room.imported.refused.itertuples(index=False))


BAD_ROWS = {
    GOOD: "the same as line 2",
    "T2;Ann;Bob;yesterday;;;;;": "opened: “yesterday” is no time that can be read",
    "T2;Ann;Bob;2026-02-30 09:00;;;;;": "opened: “2026-02-30 09:00” is no time that can be read",
    "T2;Ann;Bob;3/2/2026 9:00 AM;;;;;": "opened: either number of “3/2/2026 9:00 AM” may be the day or the month",
    "T2;Ann;Bob;2206-03-02;;;;;": "a time is not in the years 1970 to 2199",
    ";Ann;Bob;2026-03-02;;;;;": "the support request is not named",
    "T2;;Bob;2026-03-02;;;;;": "the tenant that opened it is not named",
    "T2;Ann;Bob;;;;;;": "no time says when it was opened, asked for or decided",
    "T2;Ann;;2026-03-02;2026-03-02;;;;": "the tenant whose data was asked for is not named",
    "T2;Ann;ANN;2026-03-02;2026-03-02;;;;": "both tenants are the same: then no access is asked for",
    "T2;Ann;Bob;2026-03-02;2026-03-02;2026-03-03;perhaps;;": "decision: “perhaps” is neither approved nor rejected",
    "T2;Ann;Bob;2026-03-02;2026-03-02;2026-03-03;;;": "decided, but it does not say how",
    "T2;Ann;Bob;2026-03-02;2026-03-02;;Approved;;": "approved or rejected, but it does not say when",
    "T2;Ann;Bob;2026-03-02;2026-03-02;2026-03-03;Revoked;;": "access was removed, but it does not say when",
    "T2;Ann;Bob;2026-03-02;2026-03-02;2026-03-03;Denied;2026-03-04;": "access was removed that had been rejected",
    "T2;Ann;Bob;2026-03-02;2026-03-02;;Pending;2026-03-04;": "access was removed that had not been approved",
    "T2;Ann;Bob;2026-03-02;2026-03-01;;;;": "asked for before it was opened",
    "T2;Ann;Bob;2026-03-02;2026-03-04;2026-03-03;Approved;;": "decided before it was asked for",
    "T2;Ann;Bob;2026-03-02;2026-03-03;2026-03-04;Approved;2026-03-03;": "removed before it was approved",
    "T2;Ann;Bob;2026-03-02;;;;;2026-03-01": "closed before the last thing that happened to it",
    "T1;Cy;Bob;2026-03-02 09:00;;;;;": "line 2 says that another tenant opened this support request",
    "T1;Ann;Cy;2026-03-02 09:30;;;;;": "an earlier line says that this support request was opened at another time",
    "T1;Ann;Cy;;2026-03-03;;;;2026-03-06": "an earlier line says that this support request was closed at another time",
    "T1;Ann;Cy;;2026-03-01;;;;": "asked for before it was opened, as another line says",
    "T1;Ann;Cy;;2026-03-07;;;;": "it happened after the support request was closed, as another line says",
    "T1;Ann;Bob;;2026-03-04;;;;": "access to this tenant was asked for before under this support request",
    "T2;Ann;Bob": "the line cannot be read: missing columns",
}


def test_an_unusable_row_is_reported_with_its_line_and_reason(tmp_path):
    room = room_of(tmp_path, GOOD, *BAD_ROWS, "T9;Ann;Bob;2026-03-02;2026-03-02;;;;")
    assert reasons(room) == dict(enumerate(BAD_ROWS.values(), start=3))
    assert (room.imported.rows, room.imported.used, room.imported.left_out) == (len(BAD_ROWS) + 2, 2, len(BAD_ROWS))
    assert (2, "opened: “…” is no time that can be read") in room.imported.reasons
    assert sum(many for many, _ in room.imported.reasons) == len(BAD_ROWS)
    assert room.verify()


def test_lines_are_counted_as_in_a_spreadsheet_even_after_unreadable_lines(tmp_path):
    bad = "T2;Contoso;Fabrikam;never;;;;;"
    assert list(reasons(room_of(tmp_path, GOOD, bad, "T3", "T4", bad, "T5", bad))) == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    ("how", "times"),
    [
        (
            {},
            {
                "2026-03-02T10:00:00+01:00": datetime(2026, 3, 2, 9),
                "2026-03-02 10:00": datetime(2026, 3, 2, 10),
                "46083.375": datetime(2026, 3, 2, 9),
                "1772442000": datetime(2026, 3, 2, 9),
                "1772442000000": datetime(2026, 3, 2, 9),
                "02.03.2026 09:00": datetime(2026, 3, 2, 9),
                "13/2/2026 09:00": datetime(2026, 2, 13, 9),
                "3/2/2026 09:00": datetime(2026, 2, 3, 9),
                "2026-03-02 09:00:00 Asia/Tokyo": datetime(2026, 3, 2, 0),
                "2026-03-02 09:00 CET": datetime(2026, 3, 2, 8),
                "2026-03-02 09:00:00 EST": datetime(2026, 3, 2, 14),
            },
        ),
        (
            {"zone": "Europe/Berlin"},
            {
                "2026-03-02 09:00Z": datetime(2026, 3, 2, 9),
                "2026-07-02 09:00": datetime(2026, 7, 2, 7),
                "46083,375": datetime(2026, 3, 2, 8),
                "2/13/2026 09:00": datetime(2026, 2, 13, 8),
                "3/2/2026 9:00 PM": datetime(2026, 3, 2, 20),
            },
        ),
        ({"day_first": True}, {"3/2/2026 09:00": datetime(2026, 2, 3, 9)}),
    ],
)
def test_a_time_is_read_as_written(tmp_path, how, times):
    room = room_of(tmp_path, *(f"T{n};Contoso;Fabrikam;{it};;;;;" for n, it in enumerate(times)), **how)
    tickets = room.overview().tickets().set_index("ticket_id")["opened_at"]
    assert [tickets[f"T{n}"] for n in range(len(times))] == list(times.values())


def test_times_without_a_zone_are_counted_as_assumptions(tmp_path):
    named = ("2026-03-02T09:00Z", "2026-03-02 17:00 Asia/Tokyo", "1772442000")
    rows = (f"T{n};Contoso;Fabrikam;{it};2026-03-02 10:0{n};;;;" for n, it in enumerate(named))
    room = room_of(tmp_path, *rows, zone="Europe/Berlin")
    assert (3, "times name no zone: they are read as Europe/Berlin") in room.imported.assumed


@pytest.mark.parametrize("name", ["tickets.xlsx", "tickets.csv", "old.XLS"])
def test_a_spreadsheets_own_format_is_refused_with_advice(tmp_path, name):
    """So it is if its name ends in .csv."""
    (tmp_path / name).write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(ValueError, match=rf"{name} is a spreadsheet's own file: save the sheet as CSV UTF-8"):
        Room.from_tickets(tmp_path / name)


@pytest.mark.parametrize(
    ("separator", "encoding"), [(",", "utf-8-sig"), (";", "utf-8"), ("\t", "utf-16"), ("|", "utf-8")]
)
def test_separators_and_byte_order_marks_of_spreadsheets_are_understood(tmp_path, separator, encoding):
    file = tmp_path / "tickets.csv"
    file.write_text("\r\n".join((HEADER, GOOD)).replace(";", separator), encoding=encoding)
    room = Room.from_tickets(file)
    assert room.imported.used == 1
    assert room.overview().tickets()["ticket_id"].tolist() == ["T1"]


def test_a_file_is_read_whatever_its_name_and_line_endings(tmp_path):
    """A name with glob characters means only that file; mixed line endings are reported."""
    header, row = "ticket,tenant,resource tenant,asked", "T{},Ann,Bob,2026-03-02"
    (tmp_path / "f1.csv").write_text("\n".join((header, row.format(1))))
    (tmp_path / "f[1].csv").write_bytes(f"{header}\n{row.format(2)}\r{row.format(3)}\n".encode())
    room = Room.from_tickets(tmp_path / "f[1].csv")
    assert "T1" not in room.overview().tickets()["ticket_id"].tolist() and room.imported.used
    assert any(says.startswith("file mixes line ends") for _, says in room.imported.assumed)


def test_a_file_with_too_many_rows_is_refused(monkeypatch):
    monkeypatch.setattr("data.imported.source.MOST_ROWS_IMPORTED", 2)
    rows = pd.DataFrame({"asked": ["2026-03-02"] * 3})
    with pytest.raises(ValueError, match="more than 2 rows"):
        Room.from_tickets(rows)
    assert Room.from_tickets(rows.head(2)).imported.used == 2


def test_missing_columns_are_assumed_and_reported():
    room = Room.from_tickets(pd.DataFrame({"asked": [datetime(2026, 3, 2, 9)]}))
    assert room.overview().tickets()["support_request_tenant"].tolist() == ["unnamed-tenant"]
    assert [says for _, says in room.imported.assumed] == [
        "times name no zone: they are read as UTC",
        "rows do not say when the support request was opened: the first request's time stands for it",
        "rows name no engineer: “Support engineer” stands for all of them",
        "rows have no title",
        "rows do not name the tenant that opened it: “Unnamed tenant” stands for it",
        "rows do not name the tenant whose data was asked for: “Another unnamed tenant” stands for it",
        "rows name no support request: each row is one of its own",
    ]


def test_columns_are_mapped_by_name_and_by_argument():
    frame = pd.DataFrame(
        {"Who": ["Contoso"], "Whose": ["Fabrikam"], "When": ["2026-03-02"], "What": ["ok"], "Then": ["2026-03-03"]}
    )
    columns = {"tenant": "Who", "resource_tenant": "Whose", "asked": "When", "decision": "What", "decided": "Then"}
    room = Room.from_tickets(frame, columns, decisions={"OK": "Approved"})
    assert room.overview().requests()["status"].tolist() == ["Approved"]
    with pytest.raises(ValueError, match="there is no column 'Whom'; did you mean 'Who'"):
        Room.from_tickets(frame, {"tenant": "Whom"})
    with pytest.raises(ValueError, match="there is no field 'tenants'; did you mean 'tenant'"):
        Room.from_tickets(frame, {"tenants": "Who"})
    with pytest.raises(ValueError, match="no column says when anything happened"):
        Room.from_tickets(frame)


def test_a_file_without_a_usable_row_makes_no_room(tmp_path):
    with pytest.raises(ValueError, match="none of the 1 rows can be used; line 2: opened: “never”"):
        room_of(tmp_path, "T1;Contoso;Fabrikam;never;;;;;", path=tmp_path / "room.duckdb")
    assert not (tmp_path / "room.duckdb").exists()


def test_generated_names_replace_everything_that_identifies_a_person(tmp_path):
    header = "ticket;tenant;resource tenant;asked;decided;decision;approver;title;engineer"
    lines = [
        f"INC{n};Contoso;Fabrikam;2026-03-0{n};2026-03-0{n};Approved;Adele Vance;Adele cannot sign in;Sam Rivera"
        for n in (1, 2)
    ]
    named = room_of(tmp_path, *lines, header=header)
    hidden = room_of(tmp_path, *lines, header=header, generated_names=True)
    assert named.overview().requests()["decided_by"].tolist() == ["Adele Vance"] * 2
    assert len(set(hidden.overview().requests()["decided_by"])) == 1
    for frame in (hidden.events(), hidden.overview().requests(), hidden.overview().tickets()):
        text = frame.to_csv() + repr(hidden.directory)
        assert not [
            word
            for word in ("Contoso", "Fabrikam", "Adele", "INC1", "Sam Rivera")
            if word.casefold() in text.casefold()
        ]


def test_hostile_text_is_one_line_and_ids_are_plain(tmp_path):
    header = "ticket,tenant,resource tenant,asked,title"
    room = room_of(
        tmp_path, '"![x](http://a/b)","<b>Con\u202etoso</b>",Fabrikam,2026-03-02,"=cmd()\n\u200b[a](b)"', header=header
    )
    ticket = room.overview().tickets().iloc[0]
    assert ticket["ticket_id"].isdigit()
    assert ticket["title"] == "=cmd() [a](b)"
    assert "<b>Con\\u202etoso</b>" in room.directory.tenants.values()
    assert "b-con-u202etoso-b" in room.directory.tenants
    assert room.verify()
