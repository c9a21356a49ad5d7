"""What whoever leads an exercise sees of its tables, and what they can do to them."""
