"""The file of a room as a whole: create, fill, open, check, salvage, and copy it with generated names."""
