"""Simulated runs as figures, rooms and stories, and experiments that compare them."""
