"""Resolver of the roll-up: the exact or the rounded table, by the viewer's scopes."""

from typing import Any

import resolvers.rollup.targets
from resolvers.core.context import Info
from resolvers.rollup.apportionment import APPORTIONED_MEASURES, load_apportioned_column
from resolvers.rollup.exact import make_exact_table
from resolvers.rollup.request import RollupTable, TableRow, may_list_region, parse_rollup_arguments
from resolvers.rollup.rounded import make_rounded_table


async def resolve_rollup(info: Info, top: str, **values: Any) -> RollupTable:
    """Return the table of a region. Raises Forbidden, BadInput or LimitExceeded."""
    context = info.context
    arguments = parse_rollup_arguments(context.asker.viewer, top, **values)
    if may_list_region(context.asker.viewer):
        return await make_exact_table(
            context, arguments, dict.fromkeys(APPORTIONED_MEASURES, load_apportioned_column)
        )
    return await make_rounded_table(context, arguments)


async def resolve_row_targets(line: TableRow, info: Info) -> Any:
    if not may_list_region(info.context.asker.viewer):
        return []
    return await resolvers.rollup.targets.row_targets(line, info)
