"""What follows from a batch: intervals, standings, differences, figures, and the empirical game."""
