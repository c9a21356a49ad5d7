"""Tests of what whoever leads an exercise sees and does."""
