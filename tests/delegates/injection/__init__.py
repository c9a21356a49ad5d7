"""Attempts to steer a delegate through words, and readers that would or would not be steered."""
