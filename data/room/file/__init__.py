"""The file of a room as a whole: set up, filled, opened, checked, salvaged, and copied with generated names."""
