"""Several people at one table: its session, its seats, and what may be done at them."""
