"""Derived values as everybody sees them, and as they follow from all there is

Revision: 0018
After: 0017
"""

from datetime import datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

# Of a table alone: else all that it refers to is read as well, and what that refers to.
ALONE = {'resolve_fks': False}
KEY, WORD, TEXT, WHOLE = kit.db.column_types.Text(80), kit.db.column_types.Text(40), kit.db.column_types.Text(), sa.Integer()
# (table, what everybody sees, what follows from all, what it refers to, how it is indexed)
COLUMNS = (
    ('worker', 'grade', 'grade_all', None, ['region_id', 'grade_all']),
    ('worker', 'employer_id', 'employer_all_id', 'organisation', ['employer_all_id', 'name_key', 'code']),
    ('studio', 'leader_id', 'leader_all_id', 'worker', ['leader_all_id']),
    ('result', 'region_id', 'lies_in_id', 'region', ['lies_in_id']),
    ('conferral', 'region_id', 'lies_in_id', 'region', ['lies_in_id']),
    ('grant', 'region_id', 'lies_in_id', 'region', ['lies_in_id']),
    ('outcome', 'region_id', 'lies_in_id', 'region', ['lies_in_id']),
)
# Triggers fill them and keep them: they are made of the models after each migration, not here.
COUNTED_BY = {
    'worker': {'grade': WORD},
    'result': {'award': TEXT, 'division': TEXT},
    'conferral': {'honour_id': KEY, 'year': WHOLE},
    'outcome': {
        'outcome_kind': WORD,
        'quantity_unit': TEXT,
        'quantity_qualifier': WORD,
        'value_unit': TEXT,
        'value_qualifier': WORD,
    },
}
SUMMED = {'outcome': ['quantity_value', 'value_value']}
REFERRING = ['region_id', 'honour_id']
POLICIES = {
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}
READERS = ', '.join(f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward'))

GRADES = (
    'APPRENTICE', 'JUNIOR', 'INTERMEDIATE', 'SENIOR', 'TECHNICIAN', 'SENIOR_TECHNICIAN',
    'SPECIAL_GRADE_TECHNICIAN', 'CHIEF_TECHNICIAN',
)
PLACE = 'CASE f.grade ' + ' '.join(f"WHEN '{grade}' THEN {n}" for n, grade in enumerate(GRADES)) + ' END'
HOLDERS = ('worker', 'organisation', 'studio', 'alliance')


def highest(seen: str) -> str:
    return (
        "SELECT f.grade FROM qualification AS f WHERE f.worker_id = worker.id AND f.grade IS NOT NULL"
        f" AND f.status <> 'RETRACTED' AND {seen.format('f')} ORDER BY {PLACE} DESC LIMIT 1"
    )


def latest(facts: str, column: str, of: str, seen: str) -> str:
    """The spell of today that began last, then that of the newest source; null for a tie."""
    today = datetime.now(ZoneInfo('Asia/Shanghai')).date().isoformat()
    leads = " AND f.studio_role = 'LEADER'" if facts == 'studio_membership' else ''
    return (
        'SELECT CASE WHEN min(ranked.value) = max(ranked.value) THEN min(ranked.value) END'
        f' FROM (SELECT f.{column} AS value, rank() OVER (ORDER BY f.begins DESC NULLS LAST,'
        f' s.published_on DESC NULLS LAST) AS place FROM {facts} AS f'
        f' LEFT JOIN source AS s ON s.id = f.source_id AND {seen.format("s")}'
        f" WHERE f.{of}_id = {of}.id{leads} AND f.status <> 'RETRACTED' AND {seen.format('f')}"
        f" AND (f.begins IS NULL OR f.begins <= '{today}') AND (f.ends IS NULL OR f.ends > '{today}')"
        ') AS ranked WHERE ranked.place = 1'
    )


def recipients(table: str) -> str:
    """Of the recipient that everybody sees."""
    there = {column['name'] for column in sa.inspect(op.get_bind()).get_columns(table)}
    places = [
        f"(SELECT held.region_id FROM {holder} AS held WHERE held.id = {quoted(table)}.{holder}_id"
        " AND held.audience = 'PUBLIC')"
        for holder in HOLDERS
        if f'{holder}_id' in there
    ]
    places += ['recipient_region_id'] if 'recipient_region_id' in there else []
    return f"coalesce({', '.join(places)}, NULL)"


def quoted(table: str) -> str:
    return f'"{table}"'


def upgrade() -> None:
    for table, _, column, target, indexed in COLUMNS:
        if target is None:
            op.add_column(table, sa.Column(column, WORD, nullable=True))
        else:
            refer(table, column, target)
        op.add_column(f'{table}_history', sa.Column(column, KEY if target else WORD, nullable=True))
        op.create_index(op.f(f"ix_{table}_{'_'.join(indexed)}"), table, indexed)
    for name in COUNTED_BY:
        make_cells(name)
    derive()


def refer(table: str, column: str, target: str) -> None:
    if op.get_bind().dialect.name == 'sqlite':
        # It adds no constraint to a table that stands, but a column with its reference, unnamed.
        reference = [sa.ForeignKey(f'{target}.id')]
        op.add_column(table, sa.Column(column, KEY, *reference), inline_references=True)
    else:
        op.add_column(table, sa.Column(column, KEY, nullable=True))
        op.create_foreign_key(op.f(f'fk_{table}_{column}'), table, target, [column], ['id'])


def make_cells(name: str) -> None:
    for table in (f'{name}_summary_whole', f'{name}_summary_whole_above'):
        op.create_table(
            table,
            sa.Column('cell', TEXT, nullable=False),
            sa.Column('region_id', KEY, nullable=True),
            *(sa.Column(column, kind, nullable=True) for column, kind in COUNTED_BY[name].items()),
            sa.Column('number', sa.Integer(), nullable=False),
            *(sa.Column(value, sa.Float(53), nullable=True) for value in SUMMED.get(name, [])),
            sa.PrimaryKeyConstraint('cell', name=op.f(f'pk_{table}')),
        )
        for column in ('region_id', *COUNTED_BY[name]):
            if column in REFERRING:
                op.create_index(op.f(f'ix_{table}_{column}'), table, [column])
        if op.get_bind().dialect.name == 'postgresql':
            # How many there are of all: for nobody but the steward.
            op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
            for policy, rule in POLICIES.items():
                op.execute(f'CREATE POLICY {policy} ON {table} {rule}')


def derive() -> None:
    public, all_ = "{0}.audience = 'PUBLIC'", 'true'
    for seen, grade, employer, leader in (
        (public, 'grade', 'employer_id', 'leader_id'),
        (all_, 'grade_all', 'employer_all_id', 'leader_all_id'),
    ):
        op.execute(f'UPDATE worker SET {grade} = ({highest(seen)})')
        op.execute(f"UPDATE worker SET {employer} = ({latest('employment', 'organisation_id', 'worker', seen)})")
        op.execute(f"UPDATE studio SET {leader} = ({latest('studio_membership', 'worker_id', 'studio', seen)})")
    for table in ('result', 'conferral', 'grant', 'outcome'):
        op.execute(f'UPDATE {quoted(table)} SET lies_in_id = region_id')
        op.execute(f'UPDATE {quoted(table)} SET region_id = {recipients(table)}')
        op.execute(f'UPDATE {table}_history SET lies_in_id = region_id')
    # Of an image nobody is told what was derived, and where it lay is known.
    for table, column, *_ in COLUMNS:
        op.execute(f'UPDATE {table}_history SET {column} = NULL')


def downgrade() -> None:
    for name in COUNTED_BY:
        op.drop_table(f'{name}_summary_whole_above')
        op.drop_table(f'{name}_summary_whole')
    for table, shown, column, target, indexed in reversed(COLUMNS):
        if column == 'lies_in_id':
            for one in (quoted(table), f'{table}_history'):
                op.execute(f'UPDATE {one} SET {shown} = {column}')
        op.drop_index(op.f(f"ix_{table}_{'_'.join(indexed)}"), table)
        op.drop_column(f'{table}_history', column)
        if op.get_bind().dialect.name == 'postgresql' and table in ('worker', 'studio'):
            # What was let read by its columns is read whole again.
            for one in (table, f'{table}_history'):
                op.execute(f'GRANT SELECT ON {one} TO {READERS}')
        if target is None:
            op.drop_column(table, column)
        else:
            with op.batch_alter_table(table, reflect_kwargs=ALONE) as batch_op:
                batch_op.drop_column(column)
