"""What runs on several machines, in a swarm of Docker."""
