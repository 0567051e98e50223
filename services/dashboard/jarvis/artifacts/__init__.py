"""What people hand in: archives and folders, unpacked safely and kept by content."""
