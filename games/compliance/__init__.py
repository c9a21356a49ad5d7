"""Will it hold? What keeps each party to what it signed, in a year and over many."""
