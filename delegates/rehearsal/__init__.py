"""What a session would ask of models, found before any is asked: rehearsed, counted, priced."""
