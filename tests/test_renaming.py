"""A few people can't be counted by asking for them under many names."""

from kit.rounding import STEP
from tests.asking import Ask
from tests.renaming import attacked, recovered


async def test_the_same_people_are_told_as_the_same_number_under_every_name(
    ask_examples: Ask,
) -> None:
    """So that all names together tell what one of them tells: 0 or 5."""
    found = await attacked(ask_examples)
    assert {people: numbers for people, numbers in found.items() if len(set(numbers)) > 1} == {}
    assert {number for numbers in found.values() for number in numbers} == {0, STEP}
    first = {people: numbers[:1] for people, numbers in found.items()}
    assert recovered(found) == recovered(first)
    # The attack had something to go by.
    assert len([people for people, numbers in found.items() if len(numbers) >= 8]) > 100
