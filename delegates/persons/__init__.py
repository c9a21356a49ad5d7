"""People at the table: how they are asked, each at the right seat, and what helps them learn."""
