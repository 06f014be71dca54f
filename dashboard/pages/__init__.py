"""The pages, one file each, and nothing else. Only `app.py` comes in, by the file's name."""
