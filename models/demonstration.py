"""Demonstration records: invented, and recognised by their keys wherever they are copied."""

DEMONSTRATION_PREFIX = "demo_"  # of the keys of all demonstration records, and of no others


def is_demonstration(key: str) -> bool:
    return key.startswith(DEMONSTRATION_PREFIX)
