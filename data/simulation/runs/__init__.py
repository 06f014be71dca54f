"""A simulated run: its events, its tables, its cases as stories, and one replication of it under every arm."""
