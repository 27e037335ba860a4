"""The key by which counts are rounded

Revision: 0006
After: 0005
"""

import secrets

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    made = op.create_table(
        'rounding_key',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('key', kit.db.column_types.Text(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_rounding_key')),
    )
    op.bulk_insert(made, [{'id': 1, 'key': secrets.token_hex(32)}])


def downgrade() -> None:
    op.drop_table('rounding_key')
