"""The timeline of one case: what each side saw, and when the engineer could read."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.charts import one_case
from dashboard.charts.one_case import CAN_READ, Bar, Read
from dashboard.palette import status_name
from dashboard.shell.visit import Visit
from data.lens.case_record import CaseRecord
from model import Directory, Side
from model.texts import hidden_shown


def case_timeline(here: Visit, ticket: dict[str, Any], record: CaseRecord, *, table: bool) -> None:
    """Show the chart if access was ever requested, with its rows as a table."""
    if not record.requests:
        return
    rows, bars, height = case_picture(here.room.directory, ticket, record)
    st.vega_lite_chart(
        rows,
        one_case.one_case(dark=st.context.theme.type == "dark"),
        height=height,
        key="case timeline",
        alt="; ".join(_in_words(bar) for bar in bars),
    )
    if table:
        _table(rows)


def case_picture(
    directory: Directory, ticket: Mapping[str, Any], record: CaseRecord
) -> tuple[pd.DataFrame, list[Bar], int]:
    """Return the rows of the chart, its bars, and its height in pixels."""
    names = {tenant: hidden_shown(name) for tenant, name in directory.tenants.items()}
    engineer, own = hidden_shown(ticket["engineer"]), ticket["support_request_tenant"]
    sees = {tenant: f"{names[tenant]} sees" for tenant in (own, *record.requests.values())}
    reads = {tenant: f"{engineer} can read {names[tenant]}" for tenant in dict.fromkeys(record.requests.values())}
    bars = [Bar(sees[own], span.status, span.begins, span.ends) for span in record.spans_seen(Side.SUPPORT)]
    bars += [Bar(sees[span.tenant], span.status, span.begins, span.ends) for span in record.spans_seen(Side.RESOURCE)]
    bars += [Bar(reads[span.tenant], CAN_READ, span.begins, span.ends) for span in record.spans_of_access()]
    tried = [
        Read(reads[line["tenant"]], line["refusal"] is None, line["occurred_at"])
        for line in record.reads
        if line["tenant"] in reads
    ]
    rows = one_case.case_rows([*sees.values(), *reads.values()], bars, tried, record.now)
    return rows, bars, one_case.ROW * (len(sees) + len(reads)) + 60


def _in_words(bar: Bar) -> str:
    until = f"until {bar.ends:%a %d %b, %H:%M}" if bar.ends else "until now"
    return f"{bar.row}: {status_name(bar.what)}, {bar.begins:%a %d %b, %H:%M} {until}"


def _table(rows: pd.DataFrame) -> None:
    with st.expander("As a table", icon=":material/table:"):
        shown = rows[rows["kind"].isin(("bar", "read"))]
        columns = {"Who": shown["row"], "What": shown["words"], "From": shown["begins"], "Until": shown["until"]}
        st.dataframe(pd.DataFrame(columns), hide_index=True, key="case table")
