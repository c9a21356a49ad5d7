"""Findings and sessions as plain text of at most 80 columns, the same in terminal, pipe and log."""
