"""Who joins? Signatures under a text, coalitions and their stability."""
