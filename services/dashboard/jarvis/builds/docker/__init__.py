"""Dockerfiles that Jarvis writes, piece by piece."""
