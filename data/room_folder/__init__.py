"""The folder in which a running app keeps its rooms: listing, limits and removal. For commands and the layers above."""
