"""Lists as tables: what is shown of them is chosen in the link."""
