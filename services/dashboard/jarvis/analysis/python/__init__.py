"""What there is to know about Python projects: manifests, frameworks, entry points, servers, databases."""
