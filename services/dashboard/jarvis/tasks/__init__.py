"""What people must do: the keeper of tasks."""
