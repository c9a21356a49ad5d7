"""What follows from a batch: intervals, standings, differences, and the empirical game."""
