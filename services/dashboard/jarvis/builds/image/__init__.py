"""Images: a Dockerfile, of the project or written by Jarvis, and what Docker makes of it."""
