"""The years after signature: projects, prices, deliveries, and what becomes of a promise."""
