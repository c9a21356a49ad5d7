"""Every verb that writes, on a disk that fails or a machine that dies at any change of a file."""
