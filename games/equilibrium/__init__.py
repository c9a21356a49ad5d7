"""Equilibria of two-player games, each one verified exactly."""
