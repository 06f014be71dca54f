"""Entering: links, sign-in, and the texts for a link that does not work."""
