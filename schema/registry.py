import strawberry

import resolvers.demonstration
from resolvers.context import Info


async def registry_demonstration_resolver(info: Info) -> bool:
    return await resolvers.demonstration.has_demonstration_records(info)


async def record_count_resolver(info: Info) -> int:
    return await resolvers.demonstration.count_records(info)


async def demonstration_count_resolver(info: Info) -> int:
    return await resolvers.demonstration.count_demonstration_records(info)


@strawberry.type(
    description="The registry's records as a whole, as far as they may be listed by whoever asks. "
    "登记库概况"
)
class Registry:
    demonstration: bool = strawberry.field(
        resolver=registry_demonstration_resolver,
        description="Whether records that were invented for demonstration are among those that "
        "everybody sees: then lists, searches and tables come with the notice DEMONSTRATION in "
        "`extensions.notices`. 是否含有演示数据",
    )
    record_count: int = strawberry.field(
        resolver=record_count_resolver,
        description="All records of all kinds, whenever they held, but facts that were retracted. "
        "记录总数",
    )
    demonstration_count: int = strawberry.field(
        resolver=demonstration_count_resolver,
        description="Those of them that were invented for demonstration. 演示记录数",
    )


def registry_resolver() -> Registry:
    return Registry()


REGISTRY_FIELD = strawberry.field(
    registry_resolver,
    graphql_type=Registry,
    description="How many records there are, and how many of them are invented. 登记库",
)
