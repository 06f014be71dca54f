"""Lists as tables, with search, filters and sorting kept in the link."""
