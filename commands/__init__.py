"""Commands of `cli.py` by subject: each file declares its own, and says what they do."""
