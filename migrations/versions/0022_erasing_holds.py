"""Requests to be erased, and keyed hashes by which the erased are known again

Revision: 0022
After: 0021
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

ORGANISATION = "current_setting('jiangpu.organisation', true)"
WORKER = "current_setting('jiangpu.worker', true)"
READERS = ', '.join(
    f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward')
)
PARTNERS = 'jiangpu_partner, jiangpu_convenor, jiangpu_union'
WRITER = "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')"
POLICIES = {
    'erasure_request': {
        'own': f'FOR SELECT TO {PARTNERS} USING (owner_id = {ORGANISATION})',
        'person': f'FOR SELECT TO jiangpu_partner USING (worker_id = {WORKER})',
        'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
        'owner': WRITER,
    },
    # Who reads has no part in it at all.
    'erased_mark': {'owner': WRITER},
}


def upgrade() -> None:
    op.create_table(
        'erased_mark',
        sa.Column('mark', kit.db.column_types.Text(), nullable=False),
        sa.Column('leads_to', kit.db.column_types.Text(80), nullable=True),
        sa.PrimaryKeyConstraint('mark', name=op.f('pk_erased_mark')),
    )
    op.create_table(
        'erasure_request',
        sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column('worker_id', kit.db.column_types.Text(80), nullable=False),
        sa.Column('owner_id', kit.db.column_types.Text(80), nullable=True),
        sa.Column('reason', kit.db.column_types.Text(), nullable=False),
        sa.Column('erasure_status', kit.db.column_types.Text(40), nullable=False),
        sa.Column('requested_at', kit.db.column_types.UtcDateTime(), nullable=False),
        sa.Column('answer', kit.db.column_types.Text(), nullable=True),
        sa.Column('answered_by', kit.db.column_types.Text(), nullable=True),
        sa.Column('answered_at', kit.db.column_types.UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ['worker_id'], ['worker.id'], name=op.f('fk_erasure_request_worker_id')
        ),
        sa.PrimaryKeyConstraint('number', name=op.f('pk_erasure_request')),
    )
    for column in ('owner_id', 'worker_id'):
        op.create_index(op.f(f'ix_erasure_request_{column}'), 'erasure_request', [column])
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, policies in POLICIES.items():
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        for name, policy in policies.items():
            op.execute(f'CREATE POLICY {name} ON {table} {policy}')
    op.execute(f'GRANT SELECT ON erasure_request TO {READERS}')


def downgrade() -> None:
    op.drop_table('erasure_request')
    op.drop_table('erased_mark')
