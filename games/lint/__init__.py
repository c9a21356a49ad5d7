"""What is wrong with a scenario: what stops it, and what its author should know."""
