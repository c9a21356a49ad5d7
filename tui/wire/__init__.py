"""The wire between hosted tables and those who join them, and the apps that are shown over it."""
