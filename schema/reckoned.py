"""Fields of what is worked out in Python: the same functions answer them on both ways."""

from typing import Any

import strawberry

import resolvers.reckoned
from engine.meaning import Led, Read, Reckoned
from resolvers.context import Info
from schema.meanings import means


def reckoned(meaning: Reckoned, of: Any, description: str, arguments: list[Any]) -> Any:
    async def answer(row: strawberry.Parent[Any], info: Info, **given: Any) -> Any:
        return await resolvers.reckoned.reckoned(info, meaning, row, **given)

    field = strawberry.field(
        answer, graphql_type=of, description=description, metadata=means(meaning)
    )
    field.arguments = arguments
    return field


def led(meaning: Led, of: Any, description: str) -> Any:
    """Records that a value names."""

    async def answer(value: strawberry.Parent[Any], info: Info) -> Any:
        return await resolvers.reckoned.led(info, meaning, value)

    return strawberry.field(
        answer, graphql_type=of, description=description, metadata=means(meaning)
    )


def read(answer: Any, of: Any, description: str) -> Any:
    return strawberry.field(
        answer, graphql_type=of, description=description, metadata=means(Read(answer))
    )
