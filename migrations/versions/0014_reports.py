"""Reports that were made, each shown to nobody but whom it was made for

Revision: 0014
After: 0013
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None

ORGANISATION = "current_setting('jiangpu.organisation', true)"
REGION = "current_setting('jiangpu.region', true)"
READERS = ', '.join(
    f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward')
)
PARTNERS = 'jiangpu_partner, jiangpu_convenor, jiangpu_union'
OWN = (
    f"owner_id = {ORGANISATION} AND wall = current_user::text"
    f" AND coalesce(region_id, '') = coalesce({REGION}, '')"
)
POLICIES = {
    'own': f'FOR SELECT TO {PARTNERS} USING ({OWN})',
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}


def upgrade() -> None:
    op.create_table(
        'report',
        sa.Column('id', kit.db.column_types.Text(80), nullable=False),
        sa.Column('name', kit.db.column_types.Text(), nullable=False),
        sa.Column('form', kit.db.column_types.Text(), nullable=False),
        sa.Column('question', kit.db.column_types.Text(), nullable=False),
        sa.Column('change_number', sa.BigInteger(), nullable=False),
        sa.Column('day', sa.Date(), nullable=False),
        sa.Column('owner_id', kit.db.column_types.Text(80), nullable=True),
        sa.Column('wall', kit.db.column_types.Text(), nullable=False),
        sa.Column('region_id', kit.db.column_types.Text(80), nullable=True),
        sa.Column('made_at', kit.db.column_types.UtcDateTime(), nullable=False),
        sa.Column('digest', kit.db.column_types.Text(), nullable=False),
        sa.Column('content', kit.db.column_types.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    )
    op.create_index(op.f('ix_report_owner_id'), 'report', ['owner_id'])
    if op.get_bind().dialect.name != 'postgresql':
        return
    op.execute('ALTER TABLE report ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    for name, policy in POLICIES.items():
        op.execute(f'CREATE POLICY {name} ON report {policy}')
    op.execute(f'GRANT SELECT ON report TO {READERS}')


def downgrade() -> None:
    op.drop_table('report')
