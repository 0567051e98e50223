"""What runs in containers of this machine."""
