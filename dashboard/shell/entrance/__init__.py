"""Who comes in: links, sign-in, and the words for a link that does not work."""
