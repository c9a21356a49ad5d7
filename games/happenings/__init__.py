"""What happens between moves: shocks, instructions and answers, what they change, in words."""
