"""Sessions against models that misbehave and providers that fail."""
