from typing import Self

import strawberry

import kit.errors
from resolvers.core.context import Info


@strawberry.type(
    description="An error that the caller of a mutation can correct. Nothing was written. "
    "可更正的错误"
)
class UserError:
    field: str | None = strawberry.field(description="The argument that caused the error. 参数")
    code: str = strawberry.field(
        description="Code of the error, such as NOT_FOUND, FORBIDDEN or CONFLICT. 错误代码"
    )
    message: str = strawberry.field(description="How to correct the error. 说明")

    @classmethod
    def said(cls, error: kit.errors.MutationError, info: Info) -> Self:
        return cls(
            field=error.field, code=error.code, message=error.sentence.said(info.context.language)
        )
