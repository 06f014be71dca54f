"""The HTTP server around Streamlit: headers, closed endpoints, errors outside of pages. Only `app.py` imports it."""
