"""What people read: words, findings, links. No Streamlit here; everybody in the dashboard may come in."""
