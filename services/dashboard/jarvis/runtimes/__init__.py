"""Run it. Each runtime is one file with the same inside: start, stop, status, logs, remove."""
