"""What the build files and the sources of a program for the Java machine say."""
