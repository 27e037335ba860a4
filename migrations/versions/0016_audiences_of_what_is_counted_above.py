"""The cells of a region above are found by their audience as well

Revision: 0016
After: 0015
"""

from alembic import op

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

KINDS = ('worker', 'studio', 'competition', 'result', 'conferral', 'outcome')


def upgrade() -> None:
    for table in (f'{kind}_summary_above' for kind in KINDS):
        op.drop_index(f'ix_{table}_region_id', table)
        op.create_index(f'ix_{table}_region_id_audience', table, ['region_id', 'audience'])


def downgrade() -> None:
    for table in (f'{kind}_summary_above' for kind in KINDS):
        op.drop_index(f'ix_{table}_region_id_audience', table)
        op.create_index(f'ix_{table}_region_id', table, ['region_id'])
