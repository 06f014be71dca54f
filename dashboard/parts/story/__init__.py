"""The story at the top of a page: its bar, whose turn it is, undo, quiz and notes."""
