"""Whoever leads an exercise: what it can order, and how the session does it."""
