"""Fields computed from several statements, for Strawberry's executor."""

import asyncio
from typing import Any

from engine.loaders import BatchLoad, RequestLoaders
from engine.plan.field_plans import MultistepField, ReferenceField
from resolvers.core.context import Info, field_path


async def resolve_multistep(info: Info, meaning: MultistepField, row: Any, **values: Any) -> Any:
    """Return a multistep field's value, loaded for all rows of the place at once.

    Raises what its parser of arguments raises.
    """
    arguments, reader = meaning.asked(**values), info.context.reader
    loader = reader.loader(
        field_path(info.path), (meaning, arguments), load_multistep, reader, meaning, arguments
    )
    return await loader.load(row.id)


def load_multistep(reader: RequestLoaders, meaning: MultistepField, arguments: Any) -> BatchLoad:
    async def load(keys: list[str]) -> list[Any]:
        work = meaning.work(reader.write, keys, arguments)
        try:
            step = next(work)
            while True:
                step = work.send(await reader.all(step.statement, step.values))
        except StopIteration as done:
            return [done.value[key] for key in keys]

    return load


async def resolve_references(info: Info, meaning: ReferenceField, value: Any) -> Any:
    """Return the records that a value refers to, with one statement for each kind."""
    reader, here, named = info.context.reader, field_path(info.path), meaning.read(value)
    if named is None:
        return None
    if not isinstance(named, list):
        return await reader.record(here, named[0], "id", named[1])
    return list(
        await asyncio.gather(*(reader.record(here, kind, "id", key) for kind, key in named))
    )
