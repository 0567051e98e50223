"""Compose files of people: checked, made ours, and run by the program docker-compose."""
