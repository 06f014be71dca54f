"""What would become of a file's rows: how many can be used, what is assumed, and which cannot be used and why."""

import streamlit as st

from dashboard.text.words import one_line, plain
from data.files.csv_and_parquet import csv_bytes
from data.imported.reading import ImportReport, Preview

_MOST_REASONS = 12


def tell_rows(found: Preview) -> None:
    """Show the counts, the first rows, what is assumed, and the rows that cannot be used."""
    report = found.report
    with st.container(horizontal=True):
        st.metric("Rows that can be used", f"{report.used:,}", border=True)
        st.metric("Left out", f"{report.left_out:,}", border=True)
        st.metric("Support requests", f"{report.tickets:,}", border=True)
        st.metric("Access requests", f"{report.requests:,}", border=True)
    _left_out(report)
    if report.assumed:
        with st.expander("What the file does not say, and what stands for it", icon=":material/help:"):
            for many, says in report.assumed:
                st.markdown(f"- **{many:,}** {plain(says)}")
    with st.expander("The first rows of the file", icon=":material/table_rows:"):
        st.dataframe(found.first_rows.fillna("").map(one_line), hide_index=True)


def _left_out(report: ImportReport) -> None:
    if not report.left_out:
        st.success("Every row can be used.", icon=":material/check_circle:")
        return
    st.subheader("Rows that cannot be used", anchor=False)
    if len(report.reasons) < report.left_out:
        st.markdown("\n".join(f"- **{many:,}** {plain(reason)}" for many, reason in report.reasons[:_MOST_REASONS]))
    st.dataframe(
        report.refused.assign(reason=report.refused["reason"].map(one_line)),
        hide_index=True,
        height=min(320, 38 + 35 * len(report.refused)),
        column_config={
            "line": st.column_config.NumberColumn("Line", width="small", help="As a spreadsheet counts them"),
            "reason": st.column_config.TextColumn("Why", width="large"),
        },
    )
    st.download_button(
        "Download this list",
        lambda: csv_bytes(report.refused),
        file_name="rows-left-out.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
