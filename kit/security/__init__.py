"""Encryption, tokens, hash chains and private files."""
