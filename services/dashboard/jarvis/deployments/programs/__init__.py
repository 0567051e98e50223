"""What runs without Docker."""
