"""Where the bytes of artifacts are kept, by their content: a folder of this machine, or an S3 service."""
