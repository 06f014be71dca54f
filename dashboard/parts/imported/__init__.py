"""What the page Import is put together from."""
