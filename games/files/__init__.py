"""How files are read, written and put in their places, and their folders made."""
