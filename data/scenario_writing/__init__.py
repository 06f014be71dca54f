"""Histories written down as scenarios. Simulated runs, commands and the dashboard come in."""
