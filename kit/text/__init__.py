"""Text: normalization, search keys, identity numbers."""
