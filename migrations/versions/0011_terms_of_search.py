"""The terms of search, behind the second wall: a name of a person who isn't public is one of them

They are filled by whoever migrates (resolvers/writing/search_index.py): they follow from the rows.

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

REGION = "current_setting('jiangpu.region', true)"
ORGANISATION = "current_setting('jiangpu.organisation', true)"
WORKER = "current_setting('jiangpu.worker', true)"
READERS = ', '.join(
    f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward')
)
SHARING = f"""
    SELECT coalesce(membership.organisation_id, studio.host_id, academy.host_id)
    FROM alliance
    JOIN alliance_membership AS membership ON membership.alliance_id = alliance.id
    LEFT JOIN studio ON studio.id = membership.studio_id
    LEFT JOIN academy ON academy.id = membership.academy_id
    WHERE alliance.convenor_id = {ORGANISATION}
    AND membership.ends IS NULL AND membership.status <> 'RETRACTED'
"""
SUBTREE = f'SELECT region_id FROM region_ancestor WHERE ancestor_id = {REGION}'
POLICIES = {
    'public': f"FOR SELECT TO {READERS} USING (audience = 'PUBLIC')",
    'own': 'FOR SELECT TO jiangpu_partner, jiangpu_convenor, jiangpu_union'
    f' USING (owner_id = {ORGANISATION})',
    'shared': 'FOR SELECT TO jiangpu_convenor'
    f" USING (audience = 'SHARED' AND owner_id IN ({SHARING}))",
    'person': 'FOR SELECT TO jiangpu_partner'
    f" USING (record_type = 'Worker' AND record_id = {WORKER})",
    'region': f'FOR SELECT TO jiangpu_union USING (region_id IN ({SUBTREE}))',
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}


def upgrade() -> None:
    op.create_table(
        'search_term',
        sa.Column('record_type', kit.db.column_types.Text(40), nullable=False),
        sa.Column('record_id', kit.db.column_types.Text(80), nullable=False),
        sa.Column('term', kit.db.column_types.Text(), nullable=False),
        sa.Column('place', sa.SmallInteger(), nullable=False),
        sa.Column('form', kit.db.column_types.Text(40), nullable=False),
        sa.Column('written', kit.db.column_types.Text(), nullable=False),
        sa.Column('shared', sa.SmallInteger(), nullable=False),
        sa.Column('standing', sa.SmallInteger(), nullable=False),
        sa.Column('code', kit.db.column_types.Text(80), nullable=False),
        sa.Column('audience', kit.db.column_types.Text(40), nullable=False),
        sa.Column('owner_id', kit.db.column_types.Text(80), nullable=True),
        sa.Column('region_id', kit.db.column_types.Text(80), nullable=True),
        sa.PrimaryKeyConstraint('record_type', 'record_id', 'term', name=op.f('pk_search_term')),
    )
    op.create_index(
        op.f('ix_search_term_audience_place_standing_term_record_type_code'),
        'search_term',
        ['audience', 'place', 'standing', 'term', 'record_type', 'code'],
        postgresql_include=['record_id', 'shared', 'owner_id', 'region_id'],
    )
    if op.get_bind().dialect.name != 'postgresql':
        return
    op.execute('ALTER TABLE search_term ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for name, policy in POLICIES.items():
        op.execute(f'CREATE POLICY {name} ON search_term {policy}')
    op.execute(f'GRANT SELECT ON search_term TO {READERS}')


def downgrade() -> None:
    op.drop_table('search_term')
