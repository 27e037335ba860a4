from typing import Annotated, Any

import strawberry

import kit.errors
import resolvers.personal.reveal
import schema.types.enums  # noqa: F401  # enums, before the types that use them
from models.personal import PersonalField
from resolvers.core.context import Info
from schema.types.payload import UserError


@strawberry.type(description="One personal data value, masked or in full. 一项个人信息")
class PersonalValue:
    field: PersonalField = strawberry.field(description="Name of the field. 字段")
    value: str = strawberry.field(
        description="Masked on `Worker.personal`, such as 370***********0012. In full from "
        "`revealPersonal`. 值"
    )
    fact: strawberry.ID | None = strawberry.field(
        description="Id of the enrolment or certificate to which the number belongs. Null for "
        "other fields. 所属学籍或证书"
    )


@strawberry.type(description="Personal data of a worker, masked. 个人信息（脱敏）")
class Personal:
    values: list[PersonalValue] = strawberry.field(
        description="All values on record, masked. Use `revealPersonal` to read them in full. 各项"
    )


@strawberry.type(description="The values in full, or the errors. 查看结果")
class RevealPersonalPayload:
    values: list[PersonalValue] | None = strawberry.field(
        description="The values in full. Fields without a value on record are missing. Null if "
        "there is an error. 各项完整值"
    )
    user_errors: list[UserError] = strawberry.field(
        description="Errors that the caller can correct. Empty if the values are returned. 错误"
    )


async def reveal_personal_resolver(
    info: Info,
    worker: Annotated[strawberry.ID, strawberry.argument(description="Id of the worker. 职工")],
    fields: Annotated[
        list[PersonalField], strawberry.argument(description="The fields that you need. 字段")
    ],
    purpose: Annotated[
        str,
        strawberry.argument(
            description="Purpose, without names or numbers of persons. The worker can read it. 用途"
        ),
    ],
) -> Any:
    try:
        values = await resolvers.personal.reveal.reveal_values(info, worker, fields, purpose)
    except kit.errors.MutationError as error:
        return RevealPersonalPayload(values=None, user_errors=[UserError.said(error, info)])
    payload_values: Any = values
    return RevealPersonalPayload(values=payload_values, user_errors=[])
