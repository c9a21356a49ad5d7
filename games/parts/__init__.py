"""What a scenario can state beside its issues and parties: the parts of its file."""
