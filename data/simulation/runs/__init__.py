"""A simulated run: its events, its tables, its cases as stories, and a replication of it under every arm."""
