"""The pages, one file each, and nothing else. Only `app.py` loads them, by file name."""
