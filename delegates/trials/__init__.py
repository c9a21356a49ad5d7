"""A scenario on trial: sessions and other numbers, to see how it ends and what survives."""
