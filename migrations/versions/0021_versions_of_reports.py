"""A report's version tells what it says, and nothing of how often the registry was changed

Revision: 0021
After: 0020
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

DAY = {'postgresql': "to_char(day, 'YYYYMMDD')", 'sqlite': "replace(day, '-', '')"}
FROM_VERSION = {
    'postgresql': "to_date(split_part(version, '.', 2), 'YYYYMMDD')",
    'sqlite': "substr(version, -8, 4) || '-' || substr(version, -4, 2) || '-' || substr(version, -2)",
}
NUMBER = {
    'postgresql': "split_part(version, '.', 1)::bigint",
    'sqlite': "CAST(substr(version, 1, instr(version, '.') - 1) AS INTEGER)",
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    op.add_column('report', sa.Column('version', kit.db.column_types.Text(), nullable=True))
    # What was told with them stays their address.
    op.execute(f"UPDATE report SET version = change_number || '.' || {DAY[dialect]}")
    with op.batch_alter_table('report') as table:
        table.alter_column('version', existing_type=kit.db.column_types.Text(), nullable=False)
        table.drop_column('change_number')
        table.drop_column('day')


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    # The versions before have no words for these, so that nobody could ask for them.
    op.execute("DELETE FROM report WHERE version LIKE '________.________________'")
    op.add_column('report', sa.Column('change_number', sa.BigInteger(), nullable=True))
    op.add_column('report', sa.Column('day', sa.Date(), nullable=True))
    op.execute(f'UPDATE report SET change_number = {NUMBER[dialect]}, day = {FROM_VERSION[dialect]}')
    with op.batch_alter_table('report') as table:
        table.alter_column('change_number', existing_type=sa.BigInteger(), nullable=False)
        table.alter_column('day', existing_type=sa.Date(), nullable=False)
        table.drop_column('version')
