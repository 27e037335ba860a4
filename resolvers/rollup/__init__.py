"""Roll-ups of the region tree, rounded and exact, and published figures."""
