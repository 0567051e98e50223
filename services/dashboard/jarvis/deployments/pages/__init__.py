"""Pages of a release, and the rules that they are served by."""
