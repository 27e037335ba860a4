"""Rows counted beforehand, in tables beside them, and a second wall on those of persons

Revision: 0012
After: 0011
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

# Triggers fill them and keep them: they are made of the models after each migration, not here.
KEY, WORD = kit.db.column_types.Text(80), kit.db.column_types.Text(40)
TEXT, WHOLE = kit.db.column_types.Text(), sa.Integer()
COUNTED_BY = {
    'worker': {'region_id': KEY, 'grade': WORD},
    'studio': {'region_id': KEY, 'level': WORD, 'studio_kind': WORD},
    'competition': {'region_id': KEY, 'level': WORD, 'year': WHOLE, 'competition_kind': WORD},
    'result': {'region_id': KEY, 'award': TEXT, 'division': TEXT},
    'conferral': {'region_id': KEY, 'honour_id': KEY, 'year': WHOLE},
    'outcome': {
        'region_id': KEY,
        'outcome_kind': WORD,
        'quantity_unit': TEXT,
        'quantity_qualifier': WORD,
        'value_unit': TEXT,
        'value_qualifier': WORD,
    },
    'enrolment': {'college_id': KEY, 'cohort': WHOLE, 'enrolment_status': WORD},
    'qualification': {'grade': WORD, 'basis': WORD},
}
SUMMED = {'outcome': ['quantity_value', 'value_value']}
DATED = ['enrolment']
REFERRING = ['region_id', 'honour_id', 'college_id']

REGION = "current_setting('jiangpu.region', true)"
ORGANISATION = "current_setting('jiangpu.organisation', true)"
SUBTREE = f'SELECT region_id FROM region_ancestor WHERE ancestor_id = {REGION}'
SHARING = f"""
    SELECT coalesce(membership.organisation_id, studio.host_id, academy.host_id)
    FROM alliance
    JOIN alliance_membership AS membership ON membership.alliance_id = alliance.id
    LEFT JOIN studio ON studio.id = membership.studio_id
    LEFT JOIN academy ON academy.id = membership.academy_id
    WHERE alliance.convenor_id = {ORGANISATION}
    AND membership.ends IS NULL AND membership.status <> 'RETRACTED'
"""
READERS = ', '.join(
    f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward')
)
PARTNERS = 'jiangpu_partner, jiangpu_convenor, jiangpu_union'
# Nobody reads how many there are of what they may not see. Where a certificate or an enrolment
# lies, and whose it is, its summary doesn't tell: a union and a person count the rows themselves.
POLICIES = {
    'public': f"FOR SELECT TO {READERS} USING (audience = 'PUBLIC')",
    'own': f'FOR SELECT TO {PARTNERS} USING (owner_id = {ORGANISATION})',
    'shared': 'FOR SELECT TO jiangpu_convenor'
    f" USING (audience = 'SHARED' AND owner_id IN ({SHARING}))",
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}
LYING = {'region': f'FOR SELECT TO jiangpu_union USING (region_id IN ({SUBTREE}))'}
WALLS = {'worker': POLICIES | LYING, 'enrolment': POLICIES, 'qualification': POLICIES}


def upgrade() -> None:
    for name, columns in COUNTED_BY.items():
        table = f'{name}_summary'
        numbers = ['begun', 'ended'] if name in DATED else ['number']
        days = [
            sa.Column('undated', sa.Boolean(), nullable=False),
            sa.Column('day', sa.Date(), nullable=True),
        ]
        op.create_table(
            table,
            sa.Column('cell', kit.db.column_types.Text(), nullable=False),
            *(sa.Column(column, kind, nullable=True) for column, kind in columns.items()),
            sa.Column('audience', WORD, nullable=True),
            sa.Column('owner_id', KEY, nullable=True),
            *(days if name in DATED else []),
            *(sa.Column(number, sa.Integer(), nullable=False) for number in numbers),
            *(sa.Column(value, sa.Float(53), nullable=True) for value in SUMMED.get(name, [])),
            sa.PrimaryKeyConstraint('cell', name=op.f(f'pk_{table}')),
        )
        for column in columns:
            if column in REFERRING:
                op.create_index(op.f(f'ix_{table}_{column}'), table, [column])
    if op.get_bind().dialect.name != 'postgresql':
        return
    for name, policies in WALLS.items():
        table = f'{name}_summary'
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        for policy, rule in policies.items():
            op.execute(f'CREATE POLICY {policy} ON {table} {rule}')


def downgrade() -> None:
    for name in COUNTED_BY:
        op.drop_table(f'{name}_summary')
