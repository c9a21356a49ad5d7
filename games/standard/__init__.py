"""How interesting a scenario is as a game: figures, lines of a standard, and what moves them."""
