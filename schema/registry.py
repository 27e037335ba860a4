import strawberry

import resolvers.demonstration
from resolvers.context import Info


async def demonstration(info: Info) -> bool:
    return await resolvers.demonstration.holds_any(info)


async def record_count(info: Info) -> int:
    return await resolvers.demonstration.records(info)


async def demonstration_count(info: Info) -> int:
    return await resolvers.demonstration.invented(info)


@strawberry.type(
    description="The registry's records as a whole, as far as they may be listed by whoever asks. "
    "登记库概况"
)
class Registry:
    demonstration: bool = strawberry.field(
        resolver=demonstration,
        description="Whether records that were invented for demonstration are among those that "
        "everybody sees: then lists, searches and tables come with the notice DEMONSTRATION in "
        "`extensions.notices`. 是否含有演示数据",
    )
    record_count: int = strawberry.field(
        resolver=record_count,
        description="All records of all kinds, whenever they held, but facts that were retracted. "
        "记录总数",
    )
    demonstration_count: int = strawberry.field(
        resolver=demonstration_count,
        description="Those of them that were invented for demonstration. 演示记录数",
    )


def answer() -> Registry:
    return Registry()


REGISTRY = strawberry.field(
    answer,
    graphql_type=Registry,
    description="How many records there are, and how many of them are invented. 登记库",
)
