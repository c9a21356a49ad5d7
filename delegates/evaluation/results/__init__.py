"""What a batch leaves: its tables, how good each agreement is, and means of their cells."""
