"""The marks of a release, which the room that makes it and the proxy have to agree on."""

MARKER = ".well-known/jarvis-release"
"""Holds the deployment's id, so that a request from outside can tell which release answered."""
SPA = ".jarvis-spa"
"""Says that paths which are no file get the first page. No release has a hidden file of its own."""
CLEAN = ".jarvis-clean"
"""Says that pages are found without their `.html`."""
RULE_FILES = ("_redirects", "_headers", "jarvis.toml")
"""At the top of the pages: rules of how they are answered, and no pages."""
RULES = ".jarvis-rules"
"""Holds what the gate is asked for. A release without it is none of the gate's business."""
