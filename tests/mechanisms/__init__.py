"""What each mechanism of the bundled scenarios changes, switched off in turn."""
