"""Names as they were published, where that isn't how they are spelt

What is on record is brought to its spelling by whoever migrates (resolvers/database/text_normalization.py): with a
change and an image of each row, as by every write. The terms of search are made anew: surnames that
are read in two ways have more of them.

Revision: 0026
After: 0022
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0026'
down_revision = "0025"
branch_labels = None
depends_on = None

THINGS = [
    'academy', 'alliance', 'benefit', 'challenge', 'competition', 'competition_series', 'event',
    'facility', 'honour', 'industry', 'ladder', 'major', 'occupation', 'organisation', 'policy',
    'programme', 'region', 'selection_round', 'service_team', 'studio', 'training_class', 'worker',
]  # fmt: skip
TABLES = [*THINGS, *(f'{table}_history' for table in THINGS)]


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column('name_as_published', kit.db.column_types.Text(), nullable=True))
    op.execute('DELETE FROM search_term')


def downgrade() -> None:
    for table in TABLES:
        op.drop_column(table, 'name_as_published')
