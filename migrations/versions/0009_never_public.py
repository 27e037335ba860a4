"""An enrolment is never public

Revision: 0009
After: 0008
"""

from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

NAME = 'ck_enrolment_never_public'


def upgrade() -> None:
    # What was entered as public before there was the rule, and what it replaced.
    for table in ('enrolment', 'enrolment_history'):
        op.execute(f"UPDATE {table} SET audience = 'OWNER' WHERE audience = 'PUBLIC'")
    with op.batch_alter_table('enrolment') as batch_op:
        batch_op.create_check_constraint(op.f(NAME), "audience <> 'PUBLIC'")


def downgrade() -> None:
    with op.batch_alter_table('enrolment') as batch_op:
        batch_op.drop_constraint(op.f(NAME), type_='check')
