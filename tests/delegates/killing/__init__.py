"""Sessions in processes of their own, killed at random instants and carried on."""
