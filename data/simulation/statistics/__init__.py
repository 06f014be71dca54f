"""Levels and differences over replications, each with its interval and how to read it."""
