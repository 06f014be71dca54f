"""Simulated runs in numbers, with names and in stories, and experiments, which compare them."""
