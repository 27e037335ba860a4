"""A few people can't be counted by asking for them under many names."""

from kit.values.random_rounding import ROUNDING_BASE
from tests.capabilities.rounding_attack import count_recovered, run_attack
from tests.support.graph import GraphQLTestClient


async def test_the_same_people_are_told_as_the_same_number_under_every_name(
    ask_examples: GraphQLTestClient,
) -> None:
    """So that all names together tell what one of them tells: 0 or 5."""
    found = await run_attack(ask_examples)
    assert {people: numbers for people, numbers in found.items() if len(set(numbers)) > 1} == {}
    assert {number for numbers in found.values() for number in numbers} == {0, ROUNDING_BASE}
    first = {people: numbers[:1] for people, numbers in found.items()}
    assert count_recovered(found) == count_recovered(first)
    # The attack had something to go by.
    assert len([people for people, numbers in found.items() if len(numbers) >= 8]) > 100
