"""Classes of awards, the years of what has a date, outcomes of disputes, and codes of before

Revision: 0025
After: 0022
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types
from models.award import classify_award

revision = '0025'
down_revision = "0024"
branch_labels = None
depends_on = None

WORD, TEXT = kit.db.column_types.Text(40), kit.db.column_types.Text()
YEAR = 'CAST(substr({0}, 1, 4) AS INTEGER)'
THINGS = (
    'academy', 'alliance', 'benefit', 'challenge', 'competition_series', 'competition', 'event',
    'facility', 'honour', 'ladder', 'organisation', 'policy', 'worker', 'region', 'selection_round',
    'service_team', 'studio', 'programme', 'training_class', 'occupation', 'industry', 'major',
)
# (table, the column for a year, the first date, the last)
YEARS = (
    ('competition', 'year', 'held_on', 'held_on'),
    ('selection_round', 'year', 'coalesce(opened, closed)', 'coalesce(closed, opened)'),
    ('enrolment', 'cohort', 'started', 'started'),
)


def upgrade() -> None:
    for table in ('result', 'result_history'):
        op.add_column(table, sa.Column('award_class', WORD, nullable=True))
        classify(table)
    op.add_column('dispute', sa.Column('outcome', WORD, nullable=True))
    for table in THINGS:
        op.create_index(op.f(f'ix_{table}_history_code'), f'{table}_history', ['code'])
    for table, column, first, last in YEARS:
        begins, ends = YEAR.format(first), YEAR.format(last)
        there = f'{column} IS NULL AND {begins} = {ends} AND {begins} BETWEEN 1900 AND 2200'
        op.execute(f'UPDATE {table} SET {column} = {begins} WHERE {there}')


def classify(table: str) -> None:
    rows = sa.table(table, sa.column('award', TEXT), sa.column('award_class', WORD))
    bind = op.get_bind()
    awards = bind.scalars(sa.select(rows.c.award).where(rows.c.award.is_not(None)).distinct()).all()
    for award in awards:
        if found := classify_award(award):
            these = sa.update(rows).where(rows.c.award == award)
            bind.execute(these.values(award_class=found.value))


def downgrade() -> None:
    for table in THINGS:
        op.drop_index(op.f(f'ix_{table}_history_code'), f'{table}_history')
    op.drop_column('dispute', 'outcome')
    for table in ('result', 'result_history'):
        op.drop_column(table, 'award_class')
