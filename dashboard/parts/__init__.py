"""What pages are put together from. Only pages and other parts come in."""
