"""What is known of the JavaScript world: manifests, package managers, frameworks, and how each is started."""
