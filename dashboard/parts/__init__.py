"""The components of pages. Only pages and other parts import them."""
