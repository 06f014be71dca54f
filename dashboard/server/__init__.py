"""The HTTP server around Streamlit: headers, what is closed, errors outside of pages. Only `app.py` comes in."""
