"""What an evaluation is to play: its plan read and checked, its sessions counted and foretold."""
