"""Containers: what the worker asks of Docker. All that it makes there carries the label of its home."""
