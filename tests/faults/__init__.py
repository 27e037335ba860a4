"""Faults that really happen: what is killed, cut, filled or left here is so in earnest."""
