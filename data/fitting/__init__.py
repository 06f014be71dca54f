"""Estimate a simulation's assumptions about people from data, each with its interval."""
