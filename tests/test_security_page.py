"""What docs/security.md says of who sees what is what the code does."""

from tests import sight
from tests.walled import OF_PERSONS


def test_the_tables_are_those_of_the_code() -> None:
    assert sight.PAGE.read_text("utf-8") == sight.written(), "Run 'make answers'."


def test_every_kind_of_fact_about_persons_is_behind_the_second_wall() -> None:
    guarded = [line.split(" | ")[0] for line in sight.kinds().splitlines() if "✓" in line]
    assert guarded == [f"| {name}" for name in sorted(model.__name__ for model in OF_PERSONS)]
