"""In which round a conferral was given

Revision: 0028
After: 0022
"""

import sqlalchemy as sa
from alembic import op

import kit.columns

revision = '0028'
down_revision = '0022'
branch_labels = None
depends_on = None

COLUMN, OF = 'selection_round_id', 'selection_round'
LINK, INDEX = f'fk_conferral_{COLUMN}', f'ix_conferral_{COLUMN}'


def upgrade() -> None:
    with op.batch_alter_table('conferral') as table:
        table.add_column(sa.Column(COLUMN, kit.columns.Text(80), nullable=True))
        table.create_foreign_key(op.f(LINK), OF, [COLUMN], ['id'])
        table.create_index(op.f(INDEX), [COLUMN])
    with op.batch_alter_table('conferral_history') as table:
        table.add_column(sa.Column(COLUMN, kit.columns.Text(80), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('conferral_history') as table:
        table.drop_column(COLUMN)
    with op.batch_alter_table('conferral') as table:
        table.drop_index(op.f(INDEX))
        table.drop_constraint(op.f(LINK), type_='foreignkey')
        table.drop_column(COLUMN)
