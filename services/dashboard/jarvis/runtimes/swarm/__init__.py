"""Docker's swarm: several machines as one, asked through the Docker of this machine, which must manage it."""
