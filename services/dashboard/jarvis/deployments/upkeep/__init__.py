"""Looks after what runs, and tidies up."""
