"""What runs by a compose file."""
