"""What Ruby projects consist of."""
