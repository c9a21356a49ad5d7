"""Several people at one table: each joins a seat from a terminal or a browser, and sees only it."""
