"""What is going on: the keeper of workflows and of their events."""
