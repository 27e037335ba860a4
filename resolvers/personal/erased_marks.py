"""Marks of erased people: keyed hashes by which their data is recognised, never by name alone.

A mark is made of a code; of a document number; or of a name together with an organisation where the
person worked or studied, or with the birth date. Texts and keys of other records in which a name
was redacted have marks too. Without the index keys no mark can be compared.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import ROWS_PER_STATEMENT, in_keys
from kit.errors import Unavailable
from kit.i18n import Message
from kit.security.encryption import BlindIndex, EncryptionKeys
from kit.text.search_key import fold_for_search
from models import HISTORY_TABLES
from models.erasure import ErasedMark
from models.history import model_table, table_models
from models.organisation import Organisation
from models.personal import FieldGroup
from models.worker import ERASED_NAME, Worker
from resolvers.personal.document_numbers import birth_date_of
from resolvers.personal.masked import PERSONAL_VALUES, decrypt_value
from resolvers.writing.audiences import person_columns

ERASED_MARKS, WORKERS = model_table(ErasedMark), model_table(Worker)
STUB_PREFIX = "erased"  # of the keys of stubs
# Columns of organisations that identify a person with the name. An owner doesn't: a union may own
# half a province, and would add nothing to the name.
MARKED_ORGANISATION_COLUMNS = ("organisation_id", "college_id")
INDEX_KEYS_MISSING = Message(
    "Some marks of erased people were made with index keys that this service doesn't have ({}). It "
    "can't tell whether the import would bring an erased person back. Set the keys in "
    "PERSONAL_INDEX_KEYS, or use --without-marks.",
    "部分已删除人员的标记所用的索引密钥（{}）本服务没有，无法判断所载入的内容是否会"
    "重新登记已删除人员。请在 PERSONAL_INDEX_KEYS 中配置，或使用 --without-marks。",
)


def code_mark_text(code: str) -> str:
    return f"CODE:{code}"


def organisation_mark_text(name: str, organisation: str) -> str:
    return f"NAME:{fold_for_search(name)}:ORGANISATION:{organisation}"


def birth_mark_text(name: str, day: Any) -> str:
    return f"NAME:{fold_for_search(name)}:BORN:{day.isoformat()}"


def redaction_mark_text(table: Table, column: str, text: str) -> str:
    return f"TEXT:{table.name}:{column}:{text}"


def key_mark_text(table: Table, key: str) -> str:
    return f"KEY:{table.name}:{key}"


def organisation_column(table: Table) -> str | None:
    return next((name for name in MARKED_ORGANISATION_COLUMNS if name in table.c), None)


async def mark_person(
    connection: AsyncConnection,
    seals: EncryptionKeys,
    worker: str,
    names: Iterable[str],
    codes: set[str],
) -> int:
    """Store the marks of a person before erasure; return how many."""
    texts = {code_mark_text(code) for code in codes}
    organisations = await read_organisations_of(connection, worker)
    texts |= {
        organisation_mark_text(name, organisation)
        for name in names
        for organisation in organisations
    }
    marks = set()
    values = await connection.execute(
        select(PERSONAL_VALUES).where(PERSONAL_VALUES.c.worker_id == worker)
    )
    for row in values.all():
        if row.field.group is FieldGroup.DOCUMENTS and row.mark:
            marks.add(row.mark)
        if day := birth_date_if_readable(seals, row):
            texts |= {birth_mark_text(name, day) for name in names}
    marks |= {seals.index.mark(text) for text in texts}
    await insert_marks(connection, dict.fromkeys(marks))
    return len(marks)


async def insert_marks(connection: AsyncConnection, marks: Mapping[str, str | None]) -> None:
    """Insert new marks, each with the key to which it leads; stored ones stay."""
    stored = await find_marks(connection, marks)
    new = [{"mark": mark, "leads_to": marks[mark]} for mark in sorted(marks.keys() - stored.keys())]
    if new:
        await connection.execute(insert(ERASED_MARKS), new)


def birth_date_if_readable(seals: EncryptionKeys, row: Any) -> Any:
    if row.field.group not in {FieldGroup.DOCUMENTS, FieldGroup.BIRTH}:
        return None
    try:
        return birth_date_of(row.field, decrypt_value(seals, row))
    except Unavailable:  # a person can be erased even if a key is lost
        return None


async def read_organisations_of(connection: AsyncConnection, worker: str) -> set[str]:
    """Return the organisations of a person, current and former, from all records and images."""
    organisations: set[str] = set()
    for model in table_models():
        name = organisation_column(model_table(model))
        if name is None:
            continue
        for table in (model_table(model), HISTORY_TABLES[model]):
            for person in person_columns(model):
                rows = await connection.scalars(
                    select(table.c[name]).where(
                        table.c[person] == worker, table.c[name].is_not(None)
                    )
                )
                organisations |= set(rows)
    return organisations


async def find_marks(connection: AsyncConnection, marks: Iterable[str]) -> dict[str, str | None]:
    """Return those marks that are stored, with the key to which each leads."""
    ordered, stored = sorted(marks), dict[str, str | None]()
    for start in range(0, len(ordered), ROWS_PER_STATEMENT):
        here = in_keys(
            ERASED_MARKS.c.mark,
            ordered[start : start + ROWS_PER_STATEMENT],
            connection.dialect.name,
        )
        rows = await connection.execute(
            select(ERASED_MARKS.c.mark, ERASED_MARKS.c.leads_to).where(here)
        )
        stored |= dict(map(tuple, rows))
    return stored


async def find_marked_texts(
    connection: AsyncConnection, index: BlindIndex, texts: Iterable[str]
) -> dict[str, str | None]:
    """Return those texts that have a mark, made with any of the index keys."""
    texts_by_mark = {mark: text for text in texts for mark in index.marks(text)}
    return {
        texts_by_mark[mark]: key
        for mark, key in (await find_marks(connection, texts_by_mark)).items()
    }


async def require_index_keys(connection: AsyncConnection, seals: EncryptionKeys | None) -> bool:
    """Return whether there are marks. Raises Unavailable if some were made with a missing key."""
    keys = await count_marks_by_key(connection)
    if lacking := keys.keys() - (seals.index.keys.keys() if seals else set()):
        named = ", ".join(sorted(lacking))
        raise Unavailable(*(sentence.format(named) for sentence in INDEX_KEYS_MISSING))
    return bool(keys)


async def count_marks_by_key(connection: AsyncConnection) -> dict[str, int]:
    """Return the number of marks by the id of their key."""
    key = func.substr(
        ERASED_MARKS.c.mark, 1, position_function(connection)(ERASED_MARKS.c.mark, ".") - 1
    )
    rows = await connection.execute(select(key, func.count()).group_by(key).order_by(key))
    return dict(map(tuple, rows))


def position_function(connection: AsyncConnection) -> Any:
    return func.strpos if connection.dialect.name == "postgresql" else func.instr


async def read_stubs(connection: AsyncConnection) -> dict[str, str]:
    """Return the stubs of erased people: ids by code."""
    ours = (
        WORKERS.c.name == ERASED_NAME,
        WORKERS.c.id.startswith(f"{STUB_PREFIX}_", autoescape=True),
    )
    rows = await connection.execute(select(WORKERS.c.code, WORKERS.c.id).where(*ours))
    return dict(map(tuple, rows))


async def read_organisation_keys(
    connection: AsyncConnection, codes: Sequence[str]
) -> dict[str, str]:
    """Return keys of organisations by code or by key."""
    table, keys = model_table(Organisation), dict[str, str]()
    for column in (table.c.id, table.c.code):
        for start in range(0, len(codes), ROWS_PER_STATEMENT):
            here = in_keys(
                column, codes[start : start + ROWS_PER_STATEMENT], connection.dialect.name
            )
            rows = await connection.execute(select(column, table.c.id).where(here))
            keys |= dict(map(tuple, rows))
    return keys


async def read_erased_marks(connection: AsyncConnection) -> dict[str, str | None]:
    """Return all marks, with the key to which each leads."""
    rows = await connection.execute(
        select(ERASED_MARKS.c.mark, ERASED_MARKS.c.leads_to).order_by(ERASED_MARKS.c.mark)
    )
    return dict(map(tuple, rows))


async def find_marked_people(connection: AsyncConnection, seals: EncryptionKeys) -> list[str]:
    """Return the codes of stored people whose code or key has a mark.

    Raises Unavailable if marks can't be compared.
    """
    await require_index_keys(connection, seals)
    people = (await connection.execute(select(WORKERS.c.code, WORKERS.c.id))).all()
    codes = {code_mark_text(key): row.code for row in people for key in row}
    return sorted({codes[text] for text in await find_marked_texts(connection, seals.index, codes)})
