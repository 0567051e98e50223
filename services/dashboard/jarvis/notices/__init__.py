"""Notices: people are told of what happens, by mail or in the rooms where they talk."""
