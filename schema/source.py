import strawberry

import resolvers.source
from kit.partial_date import PartialDate
from schema.linked import link_field
from schema.node import Node


@strawberry.type(description="What facts are known from, and who vouches for it. 来源")
class Source(Node):
    title: str | None = strawberry.field(description="As printed; never null. 标题")
    publisher: str | None = strawberry.field(description="As printed. 发布者")
    published_on: PartialDate | None = strawberry.field(description="发布日期")
    url: str | None = strawberry.field(description="If it is public. 网址")
    asserted_by = link_field(
        resolvers.source.asserted_by, "The organisation that vouches for it. 陈述单位"
    )
