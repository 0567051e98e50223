"""Rules of a release: read from `_redirects`, `_headers` and the settings, written for the gate."""
