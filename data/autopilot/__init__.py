"""Simulated people who act in a room while its clock runs."""
