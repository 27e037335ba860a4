"""Infrastructure without domain terms."""
