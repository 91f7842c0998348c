"""The front door: the commands of a fund manager, a donor and an analyst."""
