"""Files of other programs, Gambit's strategic games and Genius domains; how any file is written."""
