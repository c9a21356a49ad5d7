"""Protocols: who may move when, each a pure `start` and `step`."""
