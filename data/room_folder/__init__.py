"""The folder in which a running app keeps its rooms: what is there, limits, removal. Commands and above come in."""
