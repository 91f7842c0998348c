"""The stand-alone checker of rounds: `check_round.py` imports nothing of the package and is copied beside a round."""
