"""Webhooks: who is told of what happens, and what became of it. `tell` is the way in."""
