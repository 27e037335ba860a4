import strawberry

import resolvers.source
from kit.values.partial_date import PartialDate
from schema.types.link_fields import link_field
from schema.types.node import Node


@strawberry.type(
    description="A document on which facts are based, and the organisation that vouches for it. "
    "来源"
)
class Source(Node):
    title: str | None = strawberry.field(description="Title, as printed. Never null. 标题")
    publisher: str | None = strawberry.field(description="Publisher, as printed. 发布者")
    published_on: PartialDate | None = strawberry.field(description="发布日期")
    url: str | None = strawberry.field(description="Web address. Null if it is not public. 网址")
    asserted_by = link_field(
        resolvers.source.asserted_by,
        "The organisation that vouches for the source. Null if there is none. 陈述单位",
    )
