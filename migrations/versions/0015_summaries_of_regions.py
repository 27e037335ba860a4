"""What is counted beforehand, counted for each region above as well

Revision: 0015
After: 0014
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

# Triggers fill them and keep them: they are made of the models after each migration, not here.
KEY, WORD = kit.db.column_types.Text(80), kit.db.column_types.Text(40)
TEXT, WHOLE = kit.db.column_types.Text(), sa.Integer()
COUNTED_BY = {
    'worker': {'grade': WORD},
    'studio': {'level': WORD, 'studio_kind': WORD},
    'competition': {'level': WORD, 'year': WHOLE, 'competition_kind': WORD},
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
# As on worker_summary: a region within the union's own holds nothing that the union may not see.
POLICIES = {
    'public': f"FOR SELECT TO {READERS} USING (audience = 'PUBLIC')",
    'own': f'FOR SELECT TO {PARTNERS} USING (owner_id = {ORGANISATION})',
    'shared': 'FOR SELECT TO jiangpu_convenor'
    f" USING (audience = 'SHARED' AND owner_id IN ({SHARING}))",
    'region': f'FOR SELECT TO jiangpu_union USING (region_id IN ({SUBTREE}))',
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}


def upgrade() -> None:
    for name, columns in COUNTED_BY.items():
        table = f'{name}_summary_above'
        op.create_table(
            table,
            sa.Column('cell', kit.db.column_types.Text(), nullable=False),
            sa.Column('region_id', KEY, nullable=True),
            *(sa.Column(column, kind, nullable=True) for column, kind in columns.items()),
            sa.Column('audience', WORD, nullable=True),
            sa.Column('owner_id', KEY, nullable=True),
            sa.Column('number', sa.Integer(), nullable=False),
            *(sa.Column(value, sa.Float(53), nullable=True) for value in SUMMED.get(name, [])),
            sa.PrimaryKeyConstraint('cell', name=op.f(f'pk_{table}')),
        )
        for column in ('region_id', *columns):
            if column in REFERRING:
                op.create_index(op.f(f'ix_{table}_{column}'), table, [column])
    if op.get_bind().dialect.name != 'postgresql':
        return
    table = 'worker_summary_above'
    op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for policy, rule in POLICIES.items():
        op.execute(f'CREATE POLICY {policy} ON {table} {rule}')


def downgrade() -> None:
    for name in COUNTED_BY:
        op.drop_table(f'{name}_summary_above')
