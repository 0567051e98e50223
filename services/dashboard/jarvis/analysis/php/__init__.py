"""What PHP projects consist of."""
