"""What a batch leaves: its tables, how good each agreement is, and what figures show."""
