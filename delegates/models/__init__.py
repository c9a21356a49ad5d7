"""The model client, the embedded model and what they cost."""
