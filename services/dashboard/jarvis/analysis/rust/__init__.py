"""What Rust projects consist of."""
