"""How somebody who was erased is known again: by keyed hashes, and never by a name alone.

A mark is made of a code, of the number of a document, or of a name with an organisation in which
the person worked or studied, or with their birth date; and of the texts and keys of others in which
a name was redacted. Without the keys of the index nothing can be tried.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.database import among
from kit.errors import Unavailable
from kit.language import Sentence
from kit.sealed import BlindIndex, Seals
from kit.spelling import spelt
from models import TWINS, ErasedMark, Organisation, Worker
from models.history import models_of, stored
from models.personal import FieldGroup
from models.row import Row
from models.worker import ERASED
from resolvers.personal import VALUES, opened
from resolvers.personal_numbers import birth_date_in
from resolvers.recording import AT_ONCE

MARKS, WORKERS = stored(ErasedMark), stored(Worker)
STUB = "erased"  # how the keys of stubs begin
# The organisations by which a name is known again. Not who owns a record: half a province may be
# one union's, and a name with it would be no more than a name.
IN_ORGANISATION = ("organisation_id", "college_id")
UNREADABLE = Sentence(
    "This registry keeps marks of people who were erased, and some were made with index keys that "
    "this service doesn't have ({}): it can't tell whether what comes brings somebody back. Set "
    "them in PERSONAL_INDEX_KEYS, or say --without-marks.",
    "本登记簿保存有已删除人员的标记，部分标记所用的索引密钥（{}）本服务没有，无法判断所载入的内容是否会"
    "重新登记已删除人员。请在 PERSONAL_INDEX_KEYS 中配置，或使用 --without-marks。",
)


def of_code(code: str) -> str:
    return f"CODE:{code}"


def of_name_in(name: str, organisation: str) -> str:
    return f"NAME:{spelt(name)}:ORGANISATION:{organisation}"


def of_name_born(name: str, day: Any) -> str:
    return f"NAME:{spelt(name)}:BORN:{day.isoformat()}"


def of_text(table: Table, column: str, text: str) -> str:
    return f"TEXT:{table.name}:{column}:{text}"


def of_key(table: Table, key: str) -> str:
    return f"KEY:{table.name}:{key}"


def persons_in(model: type[Row]) -> list[str]:
    """The columns of a kind that name a worker and that somebody enters."""
    return [
        column.key
        for column in stored(model).c
        if column.key not in model.derived
        and any(foreign.column.table is WORKERS for foreign in column.foreign_keys)
    ]


def organisation_in(table: Table) -> str | None:
    return next((name for name in IN_ORGANISATION if name in table.c), None)


async def keep_marks(
    connection: AsyncConnection, seals: Seals, worker: str, names: Iterable[str], codes: set[str]
) -> int:
    """Of a person who is still on record. How many there are."""
    texts = {of_code(code) for code in codes}
    organisations = await organisations_of(connection, worker)
    texts |= {of_name_in(name, one) for name in names for one in organisations}
    marks = set()
    values = await connection.execute(select(VALUES).where(VALUES.c.worker_id == worker))
    for row in values.all():
        if row.field.group is FieldGroup.DOCUMENTS and row.mark:
            marks.add(row.mark)
        if day := born(seals, row):
            texts |= {of_name_born(name, day) for name in names}
    marks |= {seals.index.mark(text) for text in texts}
    await keep(connection, dict.fromkeys(marks))
    return len(marks)


async def keep(connection: AsyncConnection, marks: Mapping[str, str | None]) -> None:
    """Each mark, and the key to which it leads; what is kept already stays."""
    known = await held(connection, marks)
    new = [{"mark": one, "leads_to": marks[one]} for one in sorted(marks.keys() - known.keys())]
    if new:
        await connection.execute(insert(MARKS), new)


def born(seals: Seals, row: Any) -> Any:
    if row.field.group not in {FieldGroup.DOCUMENTS, FieldGroup.BIRTH}:
        return None
    try:
        return birth_date_in(row.field, opened(seals, row))
    except Unavailable:  # whoever has lost a key may erase all the same
        return None


async def organisations_of(connection: AsyncConnection, worker: str) -> set[str]:
    """In which the person is or was, as far as anything on record tells."""
    found: set[str] = set()
    for model in models_of():
        name = organisation_in(stored(model))
        if name is None:
            continue
        for table in (stored(model), TWINS[model]):
            for person in persons_in(model):
                rows = await connection.scalars(
                    select(table.c[name]).where(
                        table.c[person] == worker, table.c[name].is_not(None)
                    )
                )
                found |= set(rows)
    return found


async def held(connection: AsyncConnection, marks: Iterable[str]) -> dict[str, str | None]:
    """Those that are kept, and the key to which each leads."""
    wanted, found = sorted(marks), dict[str, str | None]()
    for start in range(0, len(wanted), AT_ONCE):
        here = among(MARKS.c.mark, wanted[start : start + AT_ONCE], connection.dialect.name)
        rows = await connection.execute(select(MARKS.c.mark, MARKS.c.leads_to).where(here))
        found |= dict(map(tuple, rows))
    return found


async def known_again(
    connection: AsyncConnection, index: BlindIndex, texts: Iterable[str]
) -> dict[str, str | None]:
    """Those of the texts of which there is a mark, under whichever key it was made."""
    of = {mark: text for text in texts for mark in index.marks(text)}
    return {of[mark]: key for mark, key in (await held(connection, of)).items()}


async def require_readable(connection: AsyncConnection, seals: Seals | None) -> bool:
    """Whether there are marks at all. Raises Unavailable where some can't be compared with."""
    keys = await keys_of_marks(connection)
    if lacking := keys.keys() - (seals.index.keys.keys() if seals else set()):
        named = ", ".join(sorted(lacking))
        raise Unavailable(*(sentence.format(named) for sentence in UNREADABLE))
    return bool(keys)


async def keys_of_marks(connection: AsyncConnection) -> dict[str, int]:
    """By the id of the key that made them, how many marks there are."""
    key = func.substr(MARKS.c.mark, 1, instr(connection)(MARKS.c.mark, ".") - 1)
    rows = await connection.execute(select(key, func.count()).group_by(key).order_by(key))
    return dict(map(tuple, rows))


def instr(connection: AsyncConnection) -> Any:
    return func.strpos if connection.dialect.name == "postgresql" else func.instr


async def stubs(connection: AsyncConnection) -> dict[str, str]:
    """What stays of those who were erased: ids by code."""
    ours = WORKERS.c.name == ERASED, WORKERS.c.id.startswith(f"{STUB}_", autoescape=True)
    rows = await connection.execute(select(WORKERS.c.code, WORKERS.c.id).where(*ours))
    return dict(map(tuple, rows))


async def organisation_keys(connection: AsyncConnection, codes: Sequence[str]) -> dict[str, str]:
    """By code, or by the key under which it was first entered."""
    table, found = stored(Organisation), dict[str, str]()
    for column in (table.c.id, table.c.code):
        for start in range(0, len(codes), AT_ONCE):
            here = among(column, codes[start : start + AT_ONCE], connection.dialect.name)
            rows = await connection.execute(select(column, table.c.id).where(here))
            found |= dict(map(tuple, rows))
    return found


async def all_marks(connection: AsyncConnection) -> dict[str, str | None]:
    """Each with the key to which it leads."""
    rows = await connection.execute(select(MARKS.c.mark, MARKS.c.leads_to).order_by(MARKS.c.mark))
    return dict(map(tuple, rows))


async def people_known_again(connection: AsyncConnection, seals: Seals) -> list[str]:
    """The codes of those on record of whose code or key there is a mark.

    Raises Unavailable for marks that can't be compared with.
    """
    await require_readable(connection, seals)
    people = (await connection.execute(select(WORKERS.c.code, WORKERS.c.id))).all()
    codes = {of_code(key): row.code for row in people for key in row}
    return sorted({codes[text] for text in await known_again(connection, seals.index, codes)})
