"""What bargainers may agree on: frontier, solutions, the core, and perfect play."""
