"""Counting from indexes

Revision: 0004
After: 0003
"""

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

SEEN = ['audience', 'owner_id']
STANDING = ['status', *SEEN]
INDEXES = [
    ('enrolment', ['college_id', 'cohort', 'id'], STANDING),
    ('enrolment', ['training_class_id', 'cohort', 'id'], STANDING),
    ('result', ['competition_id', 'rank', 'id'], STANDING),
    ('conferral', ['honour_id', 'year', 'id'], STANDING),
    ('worker', ['employer_id', 'name_key', 'code'], SEEN),
]


def remake(*, including: bool) -> None:
    """Only PostgreSQL has columns that an index holds without sorting by them."""
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, columns, included in INDEXES:
        name = f'ix_{table}_{"_".join(columns)}'
        op.drop_index(name, table_name=table)
        op.create_index(name, table, columns, postgresql_include=included if including else [])


def upgrade() -> None:
    remake(including=True)


def downgrade() -> None:
    remake(including=False)
