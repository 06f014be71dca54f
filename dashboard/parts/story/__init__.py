"""The story at the top of a page: its bar, whose turn it is, what can be taken back, quiz and notes."""
