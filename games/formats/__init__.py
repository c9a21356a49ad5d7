"""Files: scenarios written out, Gambit's strategic games, domains of the Genius platform."""
