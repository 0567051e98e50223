"""Jarvis: hand it a folder and a domain; it builds, runs, names and proves."""

__version__ = "0.5.0"
