"""What the build files and the sources of a program in C or C++ say."""
