"""Seats for programs of somebody else's: what they are told, what they answer, and the door."""
