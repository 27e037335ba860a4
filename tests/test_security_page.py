"""What docs/security.md says of who sees what is what the code does."""

from tests import sight


def test_the_tables_are_those_of_the_code() -> None:
    assert sight.PAGE.read_text("utf-8") == sight.written(), "Run 'make answers'."


def test_the_four_kinds_of_people_are_behind_the_second_wall() -> None:
    guarded = [line.split(" | ")[0] for line in sight.kinds().splitlines() if "✓" in line]
    assert guarded == ["| Enrolment", "| Mentorship", "| Qualification", "| Worker"]
