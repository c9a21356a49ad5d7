"""Scenario files: read strictly, joined, their faults found by line, their keys, and written."""
