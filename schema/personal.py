from typing import Annotated, Any

import strawberry

import kit.errors
import resolvers.reveal
import schema.words  # noqa: F401  # enums, before the types that use them
from models.personal import PersonalField
from resolvers.context import Info
from schema.payload import UserError


@strawberry.type(description="One value, masked or in full. 一项个人信息")
class PersonalValue:
    field: PersonalField = strawberry.field(description="What it is. 字段")
    value: str = strawberry.field(
        description="Masked on `Worker.personal`: 370***********0012. In full where it was "
        "revealed. 值"
    )
    fact: strawberry.ID | None = strawberry.field(
        description="The enrolment or certificate whose number it is. 所属学籍或证书"
    )


@strawberry.type(description="What is held of a person, masked. 个人信息（脱敏）")
class Personal:
    values: list[PersonalValue] = strawberry.field(
        description="Each value that is held; in full by `revealPersonal`. 各项"
    )


@strawberry.type(description="The values, or why they aren't given. 查看结果")
class RevealPersonalPayload:
    values: list[PersonalValue] | None = strawberry.field(
        description="In full; a field of which nothing is held isn't there. 各项完整值"
    )
    user_errors: list[UserError] = strawberry.field(
        description="Empty where the values are given. 错误"
    )


async def reveal_personal_resolver(
    info: Info,
    worker: Annotated[strawberry.ID, strawberry.argument(description="Whose values. 职工")],
    fields: Annotated[
        list[PersonalField], strawberry.argument(description="Those that are needed. 字段")
    ],
    purpose: Annotated[
        str,
        strawberry.argument(
            description="What for, without names and numbers of people: the worker reads it. 用途"
        ),
    ],
) -> Any:
    try:
        values = await resolvers.reveal.reveal_values(info, worker, fields, purpose)
    except kit.errors.MutationError as error:
        return RevealPersonalPayload(values=None, user_errors=[UserError.said(error, info)])
    given: Any = values
    return RevealPersonalPayload(values=given, user_errors=[])
