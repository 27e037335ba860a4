"""Grades by certificates that aren't public, condensed and counted: for partners' groups by grade

Revision: 0023
After: 0022
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None

KEY, WORD = kit.db.column_types.Text(80), kit.db.column_types.Text(40)
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
PARTNERS = 'jiangpu_partner, jiangpu_convenor, jiangpu_union'
POLICIES = {
    'own': f'FOR SELECT TO {PARTNERS} USING (owner_id = {ORGANISATION})',
    'shared': 'FOR SELECT TO jiangpu_convenor'
    f" USING (audience = 'SHARED' AND owner_id IN ({SHARING}))",
    'region': f'FOR SELECT TO jiangpu_union USING (region_id IN ({SUBTREE}))',
    'protected': 'AS RESTRICTIVE FOR SELECT TO jiangpu_union'
    f" USING (audience <> 'PROTECTED' OR owner_id = {ORGANISATION})",
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}


def of_workers(table: str) -> dict[str, str]:
    """Whoever sees the workers, and a grade of the set: of other sets nobody hears."""
    seen = f'EXISTS (SELECT FROM unpublished_grade AS held WHERE held.set_id = {table}.set_id)'
    return POLICIES | {
        'public': f"FOR SELECT TO {PARTNERS} USING (audience = 'PUBLIC')",
        'set': f'AS RESTRICTIVE FOR SELECT TO {PARTNERS} USING ({seen})',
    }


def upgrade() -> None:
    op.create_table(
        'unpublished_grade',
        sa.Column('set_id', KEY, nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('region_id', KEY, nullable=True),
        sa.Column('owner_id', KEY, nullable=True),
        sa.Column('audience', WORD, nullable=False),
        sa.Column('grade', WORD, nullable=False),
        sa.PrimaryKeyConstraint('set_id', 'number', name=op.f('pk_unpublished_grade')),
    )
    for column in ('owner_id', 'region_id'):
        columns = [column, 'audience', 'set_id', 'grade']
        op.create_index(op.f(f"ix_unpublished_grade_{'_'.join(columns)}"), 'unpublished_grade', columns)
    op.create_table(
        'worker_unpublished',
        sa.Column('worker_id', KEY, nullable=False),
        sa.Column('set_id', KEY, nullable=False),
        sa.Column('region_id', KEY, nullable=True),
        sa.Column('grade', WORD, nullable=True),
        sa.Column('audience', WORD, nullable=False),
        sa.Column('owner_id', KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ['worker_id'], ['worker.id'], name=op.f('fk_worker_unpublished_worker_id'), ondelete='CASCADE'
        ),
        sa.PrimaryKeyConstraint('worker_id', name=op.f('pk_worker_unpublished')),
    )
    op.create_table(
        'worker_summary_unpublished',
        sa.Column('cell', kit.db.column_types.Text(), nullable=False),
        sa.Column('set_id', KEY, nullable=True),
        sa.Column('region_id', KEY, nullable=True),
        sa.Column('grade', WORD, nullable=True),
        sa.Column('audience', WORD, nullable=True),
        sa.Column('owner_id', KEY, nullable=True),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('cell', name=op.f('pk_worker_summary_unpublished')),
    )
    for table in ('worker_unpublished', 'worker_summary_unpublished'):
        op.create_index(op.f(f'ix_{table}_set_id'), table, ['set_id'])
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, policies in {
        'unpublished_grade': POLICIES,
        'worker_unpublished': of_workers('worker_unpublished'),
        'worker_summary_unpublished': of_workers('worker_summary_unpublished'),
    }.items():
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        for name, policy in policies.items():
            op.execute(f'CREATE POLICY {name} ON {table} {policy}')


def downgrade() -> None:
    for table in ('worker_summary_unpublished', 'worker_unpublished', 'unpublished_grade'):
        op.drop_table(table)
