"""Steps of a plan: each executes one statement."""
