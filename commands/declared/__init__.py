"""All commands of `cli.py`, by subject: names, options and descriptions."""
