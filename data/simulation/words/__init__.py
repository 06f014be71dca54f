"""The result of a comparison in words and figures."""
