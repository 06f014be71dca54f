"""What people read: words, guesses, links. No Streamlit here; everybody in the dashboard may come in."""
