"""Give it a name: what a domain name is, and who answers for it."""
