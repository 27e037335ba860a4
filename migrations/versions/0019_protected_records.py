"""Minors' records are their owner's alone, and who is known to be of age

What is wider than it may be is narrowed by whoever migrates (resolvers/writing/audiences.py): with a change
and an image of each row, as by every write.

Revision: 0019
After: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

ORGANISATION = "current_setting('jiangpu.organisation', true)"
# Whatever else lets a union read: not this. Where a table has no wall yet, it waits for one.
PROTECTED = (
    'AS RESTRICTIVE FOR SELECT TO jiangpu_union'
    f" USING (audience <> 'PROTECTED' OR owner_id = {ORGANISATION})"
)
# Persons, and what names them.
ROWS = [
    'worker', 'bid', 'conferral', 'contribution', 'employment', 'enrolment', 'figure', 'grant',
    'mentorship', 'nomination', 'position', 'qualification', 'result', 'service_team_membership',
    'studio_membership', 'teaching',
]  # fmt: skip
BESIDE = ['search_term', 'worker_summary', 'worker_summary_above']
BEHIND = [*ROWS, *(f'{table}_history' for table in ROWS), *BESIDE]
TOLD = "('BIRTH_DATE', 'RESIDENT_ID', 'HONG_KONG_MACAO_RESIDENCE', 'TAIWAN_RESIDENCE')"


def upgrade() -> None:
    with op.batch_alter_table('personal_subject') as batch_op:
        batch_op.add_column(
            sa.Column('of_age', sa.Boolean(), nullable=False, server_default=sa.false())
        )
    # Who had a birth date, and was no minor by it.
    op.execute(f"""
        UPDATE personal_subject SET of_age = true WHERE minor_until IS NULL AND worker_id IN (
            SELECT worker_id FROM personal_value WHERE field IN {TOLD}
        )
    """)
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table in BEHIND:
        op.execute(f'CREATE POLICY protected ON "{table}" {PROTECTED}')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for table in BEHIND:
            op.execute(f'DROP POLICY protected ON "{table}"')
    # A version before this one doesn't know the word.
    there = sa.inspect(op.get_bind())
    for table in there.get_table_names():
        if any(column['name'] == 'audience' for column in there.get_columns(table)):
            op.execute(f"""UPDATE "{table}" SET audience = 'OWNER' WHERE audience = 'PROTECTED'""")
    with op.batch_alter_table('personal_subject') as batch_op:
        batch_op.drop_column('of_age')
