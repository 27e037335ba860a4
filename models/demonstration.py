"""What was invented for demonstration: its key says so, whoever entered it and wherever it goes."""

PREFIX = "demo_"  # of the keys of all of it, and of nothing else


def of_demonstration(key: str) -> bool:
    return key.startswith(PREFIX)
