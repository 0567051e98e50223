"""Names of services: where they lead, and what they answer with by HTTPS."""
