"""What each viewer sees of a room: the only way to read anything tenant-facing, for all layers above."""
