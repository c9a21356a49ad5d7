"""Strategies compared in batches: planned, played, counted, and judged with intervals."""
