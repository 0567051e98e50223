"""What Go projects consist of."""
