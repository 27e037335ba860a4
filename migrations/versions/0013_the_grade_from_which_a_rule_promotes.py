"""The grade from which a rule promotes

Revision: 0013
After: 0012
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

TABLES = ('promotion_rule', 'promotion_rule_history')


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column('from_grade', kit.db.column_types.Text(40), nullable=True))


def downgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column('from_grade')
