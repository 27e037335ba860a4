"""Commands of `cli.py` by subject. Each module declares and runs its own."""
