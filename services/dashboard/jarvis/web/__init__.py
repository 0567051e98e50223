"""The pages, and the process that serves them and the API."""
