"""What anybody sees of a room. The only way that anything tenant-facing is read, so everybody above comes in."""
