"""The shortest story that breaks a promise, and for a removal that shows, what is seen with it and without it."""

import streamlit as st

from model.checker import Property, Report


def show(report: Report, found: Property) -> None:
    st.subheader(f"How “{found.name}” breaks", anchor=False)
    assert found.counterexample
    st.text(found.counterexample.wrong)
    for act in found.counterexample.history:
        st.text(str(act))
