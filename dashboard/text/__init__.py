"""Texts on screen and links. No Streamlit here; all of the dashboard may import it."""
