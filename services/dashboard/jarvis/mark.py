"""How a request from outside can tell which release answered."""

MARKER = ".well-known/jarvis-release"
"""The file of a release that holds its deployment's id."""
