"""The formulas from which bundled scenarios are made, and by which they are checked."""
