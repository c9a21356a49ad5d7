"""Who negotiates, and how they are brought together."""
