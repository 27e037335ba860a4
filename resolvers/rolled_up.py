"""The table that somebody asks for, by the way that their rights allow."""

from typing import Any

import resolvers.behind
from resolvers.apportioning import SHARED, shared_column
from resolvers.context import Info
from resolvers.rollup import Line, Table, lists_its_region, question
from resolvers.rounded_cube import rounded_table
from resolvers.tree_table import exact_table


async def rollup(info: Info, top: str, **given: Any) -> Table:
    """Raises Forbidden, BadInput or LimitExceeded."""
    context = info.context
    asked = question(context.asker.viewer, top, **given)
    if lists_its_region(context.asker.viewer):
        return await exact_table(context, asked, dict.fromkeys(SHARED, shared_column))
    return await rounded_table(context, asked)


async def targets(line: Line, info: Info) -> Any:
    if not lists_its_region(info.context.asker.viewer):
        return []
    return await resolvers.behind.of_line(line, info)
