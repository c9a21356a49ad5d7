"""Tactics: pure functions from preferences and history to an aspiration and an offer."""
