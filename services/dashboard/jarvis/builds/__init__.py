"""Make it: from an unpacked artifact to a release folder."""
