"""Personal data of invented people: numbers that are right, and a registry that holds some."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine
from stdnum.cn import ric

from execution import schema
from kit.db.engine import write_transaction
from kit.relay.global_id import to_global_id
from kit.security.encryption import EncryptionKeys, generate_encryption_key, load_encryption_keys
from models.partner import Role
from models.personal import Basis, FieldGroup, PersonalField
from resolvers.core.access import Viewer, partner_viewer
from resolvers.core.context import Context
from resolvers.personal.access_log import ACCESS_LOG
from resolvers.personal.entry import PersonalLine, import_personal
from resolvers.personal.legal_basis import BasisAgreement, add_legal_basis
from resolvers.personal.masked import PERSONAL_VALUES
from resolvers.writing.proposal import Origin, Problems
from tests.support.graph import TODAY, OperationResult, RowFactory, publishing_rows

COLLEGE, OTHER_COLLEGE, UNION = "demo_c", "demo_o", "demo_u"
PURPOSE = "核对技能等级证书"


def resident_id(place: str, born: date, serial: int) -> str:
    """With the check digit that it must have."""
    front = f"{place}{born:%Y%m%d}{serial:03}"
    return next(
        front + last for last in "0123456789X" if ric.calc_check_digit(front + last) == last
    )


ADULT = resident_id("370102", date(1965, 3, 9), 12)
YOUNG = resident_id("370102", date(2010, 5, 1), 33)


def new_personal_keys(
    sealing: Sequence[str] = ("k1",), index: Sequence[str] = ("i1",)
) -> EncryptionKeys:
    given = {
        "PERSONAL_KEYS": ",".join(map(generate_encryption_key, sealing)),
        "PERSONAL_INDEX_KEYS": ",".join(map(generate_encryption_key, index)),
    }
    seals = load_encryption_keys(given)
    assert seals is not None
    return seals


def college_viewer(org: str = COLLEGE) -> Viewer:
    return partner_viewer(Role.COLLEGE, org)


UNION_VIEWER = partner_viewer(Role.UNION, UNION, "370000")


@dataclass
class PersonalRegistry:
    """A registry with three workers: of the college, of the other one, and a public craftsman."""

    engine: AsyncEngine
    seals: EncryptionKeys = field(default_factory=new_personal_keys)

    async def people(self) -> None:
        make = RowFactory(self.engine)
        await make(
            organisations=[
                {"code": code, "name": code, "organisation_kind": "OTHER", "region": "370102"}
                for code in (COLLEGE, OTHER_COLLEGE, UNION)
            ]
        )
        common = {"region": "370102", "audience": "OWNER"}
        told = publishing_rows("demo_w3")
        told["sources"].append({"key": "s", "title": "a test"})
        await make(
            **told,
            workers=[
                {**common, "code": "demo_w1", "name": "季青禾", "owner": COLLEGE},
                {**common, "code": "demo_w2", "name": "钟望舒", "owner": OTHER_COLLEGE},
                {**common, "code": "demo_w3", "name": "邵云起", "owner": "", "audience": "PUBLIC"},
            ],
        )

    async def agree(self, org: str = COLLEGE, *groups: FieldGroup, **more: Any) -> None:
        async with write_transaction(self.engine) as connection:
            for group in groups or tuple(FieldGroup):
                agreed = BasisAgreement(
                    org, group, Basis.CONSENT, date(2026, 1, 5), "教学管理", **more
                )
                await add_legal_basis(connection, agreed, "test")

    async def enter(
        self,
        worker: str,
        values: dict[PersonalField, str],
        org: str = COLLEGE,
        today: date = TODAY,
        **more: Any,
    ) -> int:
        person = PersonalLine(Origin("people.csv", 2), worker, values, **more)
        async with write_transaction(self.engine) as connection:
            written = await import_personal(
                connection, self.seals, [person], org, "test", today, Problems()
            )
        return written["PersonalValue"]

    async def ask(
        self, query: str, viewer: Viewer, today: date = TODAY, **variables: Any
    ) -> OperationResult:
        context = Context.of(self.engine, viewer, today, seals=self.seals)
        async with context:
            result = await schema.answer(query, variables, context)
        return OperationResult(result.data, result.errors or [], [])

    async def reveal(
        self, viewer: Viewer, worker: str = "demo_w1", fields: Any = ("RESIDENT_ID",), **more: Any
    ) -> Any:
        answer = await self.ask(
            """mutation($worker: ID!, $fields: [PersonalField!]!, $purpose: String!) {
              revealPersonal(worker: $worker, fields: $fields, purpose: $purpose) {
                values { field value } userErrors { field code } } }""",
            viewer,
            worker=to_global_id("Worker", worker),
            fields=list(fields),
            **{"purpose": PURPOSE, **more},
        )
        assert answer.errors == []
        found = answer.data["revealPersonal"]
        values = found["values"]
        codes = [(one["code"], one["field"]) for one in found["userErrors"]]
        return codes if values is None else {one["field"]: one["value"] for one in values}

    async def log(self) -> list[Any]:
        async with self.engine.connect() as connection:
            return list(
                (await connection.execute(select(ACCESS_LOG).order_by(ACCESS_LOG.c.number))).all()
            )

    async def stored_values(self) -> list[Any]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(select(PERSONAL_VALUES))).all())

    async def execute(self, *statements: str) -> None:
        async with self.engine.begin() as connection:
            for statement in statements:
                await connection.execute(text(statement))

    async def refuse(self, event: str, table: str, when: str) -> None:
        """From now on the database refuses some writes, as a full disk would."""
        if self.engine.dialect.name == "sqlite":
            await self.execute(
                f"CREATE TRIGGER no_room BEFORE {event} ON {table} WHEN {when} "
                "BEGIN SELECT RAISE(ABORT, 'no room'); END"
            )
            return
        await self.execute(
            "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no room'; END $$",
            f"CREATE TRIGGER no_room BEFORE {event} ON {table} FOR EACH ROW WHEN ({when}) "
            "EXECUTE FUNCTION no_room()",
        )

    async def allow(self, table: str) -> None:
        on = "" if self.engine.dialect.name == "sqlite" else f" ON {table}"
        await self.execute(f"DROP TRIGGER no_room{on}")

    async def every_row(self) -> str:
        """All tables, as one text to look for something in."""
        found = []
        async with self.engine.connect() as connection:
            for table in ACCESS_LOG.metadata.sorted_tables:
                rows = await connection.execute(select(table))
                found += [f"{table.name} {tuple(row)}" for row in rows]
        return "\n".join(found)
