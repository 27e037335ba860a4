import strawberry

import resolvers.core.record_counts
from resolvers.core.context import Info


async def registry_demonstration_resolver(info: Info) -> bool:
    return await resolvers.core.record_counts.has_demonstration_records(info)


async def record_count_resolver(info: Info) -> int:
    return await resolvers.core.record_counts.count_records(info)


async def demonstration_count_resolver(info: Info) -> int:
    return await resolvers.core.record_counts.count_demonstration_records(info)


@strawberry.type(
    description="The records of the registry that the viewer may list, as a whole. 登记库概况"
)
class Registry:
    demonstration: bool = strawberry.field(
        resolver=registry_demonstration_resolver,
        description="True if some public records are demonstration data. Then lists, searches "
        "and tables have the notice DEMONSTRATION in `extensions.notices`. 是否含有演示数据",
    )
    record_count: int = strawberry.field(
        resolver=record_count_resolver,
        description="Number of records of all types, past and current, without retracted facts. "
        "记录总数",
    )
    demonstration_count: int = strawberry.field(
        resolver=demonstration_count_resolver,
        description="Number of these records that were invented for demonstration. 演示记录数",
    )


def registry_resolver() -> Registry:
    return Registry()


REGISTRY_FIELD = strawberry.field(
    registry_resolver,
    graphql_type=Registry,
    description="Number of records in the registry, and how many of them are demonstration data. "
    "登记库",
)
