"""Voices: how a seat words its moves."""
