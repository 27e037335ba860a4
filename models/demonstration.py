"""What was invented for demonstration: its key says so, whoever entered it and wherever it goes."""

DEMONSTRATION_PREFIX = "demo_"  # of the keys of all of it, and of nothing else


def is_demonstration(key: str) -> bool:
    return key.startswith(DEMONSTRATION_PREFIX)
