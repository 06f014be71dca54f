"""One case as its parties see it."""
