"""Numbers as whole thousandths, so that sums are exact

Revision: 0024
After: 0022
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import isfinite

import sqlalchemy as sa
from alembic import op

from kit.errors import BadInput

revision = '0024'
down_revision = "0023"
branch_labels = None
depends_on = None

NUMBERS = {
    'alliance': ['member_count_value'],
    'challenge': ['reward_value'],
    'contribution': ['share'],
    'enrolment': ['score'],
    'figure': ['quantity_value'],
    'grant': ['amount_value'],
    'honour': ['prize_value'],
    'outcome': ['quantity_value', 'value_value'],
    'prize_rule': ['amount_value'],
    'promotion_rule': ['share_to'],
    'result': ['score'],
    'subsidy_rule': ['amount_value'],
    'target': ['quantity_value'],
}
PERCENT = {('contribution', 'share'), ('enrolment', 'score'), ('promotion_rule', 'share_to')}
CELLS = [f'outcome_summary{of}' for of in ('', '_above', '_whole', '_whole_above')]
SUMMED = NUMBERS['outcome']
LARGEST = 2**53
MOST = LARGEST * 1000
MOST_TOLD = 20  # numbers that don't fit
FLOAT, WHOLE = sa.Float(53), sa.BigInteger()
# Of a table alone: else all that it refers to is read as well, and what that refers to.
ALONE = {'resolve_fks': False}


def thousandths(number: float | None) -> int | None:
    """Null for what doesn't fit."""
    if number is None or not isfinite(number) or abs(number) > LARGEST:
        return None
    exact = Fraction(Decimal(repr(float(number)))) * 1000
    return int(exact) if exact.denominator == 1 else None


def nearest(number: int | None) -> float | None:
    return None if number is None else number / 1000


def digits(number: float | None) -> str | None:
    return None if number is None else repr(float(number))


def written(column: str) -> str:
    """The shortest digits that are the stored float: a cast to numeric would keep 15 of them."""
    return f'({column}::text)::numeric'


def misfits(column: str) -> str:
    if on_sqlite():
        return f'{column} IS NOT NULL AND thousandths({column}) IS NULL'
    return (
        f"CASE WHEN {column} IN ('NaN', 'Infinity', '-Infinity') THEN true ELSE"
        f' abs({written(column)}) > {LARGEST} OR scale(trim_scale({written(column)})) > 3 END'
    )


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def prepare() -> None:
    if on_sqlite():
        connection = op.get_bind().connection.dbapi_connection
        for function in (thousandths, nearest, digits):
            connection.create_function(function.__name__, 1, function)
    else:
        op.execute('SET LOCAL extra_float_digits = 1')


def upgrade() -> None:
    prepare()
    if misfitting := [*what_does_not_fit()]:
        listed = '; '.join(misfitting[:MOST_TOLD])
        raise BadInput(
            f'{len(misfitting)} numbers have more than three decimals or are beyond {LARGEST}, and '
            'would have to be changed; nothing was. Correct them with the version of the service '
            f'that wrote them, then migrate again: {listed}',
            f'有 {len(misfitting)} 个数的小数超过三位或超出 {LARGEST}，迁移会改变其值，因此未作任何更改。'
            f'请先用原版服务更正，再重新迁移：{listed}',
        )
    if too_many := [*what_cannot_be_added()]:
        listed = ', '.join(too_many)
        raise BadInput(
            f'All numbers of {listed} together are beyond {LARGEST}, to which SQLite adds exactly; '
            'nothing was changed. Correct them with the version of the service that wrote them, or '
            'move the registry to PostgreSQL, then migrate again.',
            f'{listed} 各数之和超出 SQLite 可准确计算的范围 {LARGEST}，因此未作任何更改。'
            '请先用原版服务更正，或改用 PostgreSQL，再重新迁移。',
        )
    for table, columns in NUMBERS.items():
        note_of_images(f'{table}_history', columns)
        convert(table, columns, 'id', FLOAT, WHOLE)
        convert(f'{table}_history', columns, 'replaced_by', FLOAT, WHOLE)
    for table in CELLS:
        empty_cells(table, FLOAT, WHOLE if on_sqlite() else sa.Numeric(40, 0))


def what_does_not_fit() -> Iterator[str]:
    for table, columns in NUMBERS.items():
        for column in columns:
            found = op.get_bind().execute(
                sa.text(f'SELECT id, {column} FROM "{table}" WHERE {misfits(column)} ORDER BY id')
            )
            yield from (f'{table} {id}, {column}: {number}' for id, number in found)


def what_cannot_be_added() -> Iterator[str]:
    """SQLite adds in 64 bits."""
    for table, columns in NUMBERS.items() if on_sqlite() else ():
        for column in columns:
            [[total]] = op.get_bind().execute(sa.text(f'SELECT total(abs({column})) FROM "{table}"'))
            if total > LARGEST:
                yield f'{table}.{column}'


def note_of_images(table: str, columns: list[str]) -> None:
    """Of what was replaced before nothing can be corrected: its note says what it was."""
    for column in columns:
        number = f'digits({column})' if on_sqlite() else f'{column}::text'
        text = f"'原值 as entered: {column} ' || {number}"
        op.execute(
            f"UPDATE {table} SET note = coalesce(note || ' ', '') || {text}, {column} = NULL"
            f' WHERE {misfits(column)}'
        )


def convert(table: str, columns: list[str], key: str, before: object, after: object) -> None:
    """In one rewriting of the table; bounds of what is in percent are restated."""
    live, up = key == 'id', after is WHOLE
    kept, most = [(f'ck_{table}_{one}_fits', one) for one in columns if live], 100_000 if up else 100
    percent = [one for one in columns if live and (table, one) in PERCENT]
    if on_sqlite():
        function = 'thousandths' if up else 'nearest'
        named = ', '.join(columns)
        values = ', '.join(f'{function}({one})' for one in columns)
        op.execute(f'CREATE TEMP TABLE converted (key PRIMARY KEY, {named})')
        op.execute(f'INSERT INTO converted SELECT {key}, {values} FROM "{table}"')
    with op.batch_alter_table(table, reflect_kwargs=ALONE) as batch:
        for name, column in kept:
            if not up:
                batch.drop_constraint(op.f(name), type_='check')
        for column in percent:
            batch.drop_constraint(op.f(f'ck_{table}_{column}_within'), type_='check')
        for column in columns:
            using = f'{written(column)} * 1000' if up else f'({column} * 0.001)::double precision'
            batch.alter_column(
                column, existing_type=before, type_=after, postgresql_using=f'({using})::{named_of(after)}'
            )
        for name, column in kept:
            if up:
                rule = f'{column} BETWEEN -{MOST} AND {MOST}'
                batch.create_check_constraint(op.f(name), rule)
        for column in percent:
            rule = f'{column} >= 0 AND {column} <= {most}'
            batch.create_check_constraint(op.f(f'ck_{table}_{column}_within'), rule)
    if on_sqlite():
        # Remade, the table has what a cast made of them: without decimals.
        for column in columns:
            value = f'SELECT {column} FROM converted WHERE converted.key = "{table}".{key}'
            op.execute(f'UPDATE "{table}" SET {column} = ({value}) WHERE {column} IS NOT NULL')
        op.execute('DROP TABLE converted')


def named_of(type_: object) -> str:
    return 'bigint' if type_ is WHOLE else 'double precision'


def empty_cells(table: str, before: object, after: object) -> None:
    """They are counted anew after each migration."""
    op.execute(f'DELETE FROM {table}')
    with op.batch_alter_table(table, reflect_kwargs=ALONE) as batch:
        for column in SUMMED:
            name = op.f(f'ck_{table}_{column}_fits')
            if on_sqlite() and after is FLOAT:
                batch.drop_constraint(name, type_='check')
            batch.alter_column(column, existing_type=before, type_=after)
            if on_sqlite() and after is not FLOAT:
                rule = f"{column} IS NULL OR typeof({column}) = 'integer'"
                batch.create_check_constraint(name, rule)


def downgrade() -> None:
    prepare()
    for table, columns in NUMBERS.items():
        convert(table, columns, 'id', WHOLE, FLOAT)
        convert(f'{table}_history', columns, 'replaced_by', WHOLE, FLOAT)
    for table in CELLS:
        empty_cells(table, WHOLE if on_sqlite() else sa.Numeric(40, 0), FLOAT)
