"""Files of other programs: Gambit's strategic games, domains of the Genius platform."""
