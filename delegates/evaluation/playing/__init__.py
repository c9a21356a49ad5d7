"""How a batch is played: here, in processes and by models, every session kept as it ends."""
