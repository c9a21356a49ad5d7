"""What screens are made of: each owns its keys, its look and its messages."""
