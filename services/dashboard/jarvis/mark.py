"""The marks of a release, which the room that makes it and the proxy have to agree on."""

MARKER = ".well-known/jarvis-release"
"""Holds the deployment's id, so that a request from outside can tell which release answered."""
SPA = ".jarvis-spa"
"""Says that paths which are no file get the first page. No release has a hidden file of its own."""
