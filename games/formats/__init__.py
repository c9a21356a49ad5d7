"""Files of other programs: Gambit's strategic games and Genius domains."""
