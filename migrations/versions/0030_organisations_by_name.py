"""Organisations are found by their exact names without reading them all

Revision: 0030
After: 0022
"""

from alembic import op

revision = '0030'
down_revision = "0029"
branch_labels = None
depends_on = None

INDEX = 'ix_organisation_name'


def upgrade() -> None:
    op.create_index(op.f(INDEX), 'organisation', ['name'])


def downgrade() -> None:
    op.drop_index(op.f(INDEX), table_name='organisation')
