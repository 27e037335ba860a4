from typing import Self

import strawberry

import kit.errors
from resolvers.context import Info


@strawberry.type(
    description="What the caller of a mutation can correct; nothing was written. 可更正的错误"
)
class UserError:
    field: str | None = strawberry.field(description="The argument that is meant. 参数")
    code: str = strawberry.field(description="NOT_FOUND, FORBIDDEN, CONFLICT … 错误代码")
    message: str = strawberry.field(description="What to do about it. 说明")

    @classmethod
    def said(cls, error: kit.errors.MutationError, info: Info) -> Self:
        return cls(
            field=error.field, code=error.code, message=error.sentence.said(info.context.language)
        )
