"""Minds: how a seat decides, one file each, all listed in `delegates.minds.registry`."""
