"""What the project files of .NET say."""
