"""Reading a session: what each move did, what it was worth, and what was left on the table."""
