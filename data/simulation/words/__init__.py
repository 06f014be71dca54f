"""What a comparison says, in words and figures."""
