"""In which round a conferral was given, workers counted by their employers, and which
reports are kept

Revision: 0028
After: 0022
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0028'
down_revision = "0027"
branch_labels = None
depends_on = None

COLUMN, OF = 'selection_round_id', 'selection_round'
KEY, TEXT = kit.db.column_types.Text(80), kit.db.column_types.Text()
CELLS = 'worker_summary_employer'
READERS = ', '.join(
    f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward')
)
# Who sees more than the public and less than all is answered from the rows.
POLICIES = {
    'public': f"FOR SELECT TO {READERS} USING (audience = 'PUBLIC')",
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}
LINK, INDEX = f'fk_conferral_{COLUMN}', f'ix_conferral_{COLUMN}'


def upgrade() -> None:
    with op.batch_alter_table('conferral') as table:
        table.add_column(sa.Column(COLUMN, kit.db.column_types.Text(80), nullable=True))
        table.create_foreign_key(op.f(LINK), OF, [COLUMN], ['id'])
        table.create_index(op.f(INDEX), [COLUMN])
    with op.batch_alter_table('conferral_history') as table:
        table.add_column(sa.Column(COLUMN, kit.db.column_types.Text(80), nullable=True))
    # Of those before nobody said for whom they are the same; all were meant to be kept.
    with op.batch_alter_table('report') as table:
        table.add_column(sa.Column('asked', KEY, nullable=True))
        table.add_column(sa.Column('kept_at', kit.db.column_types.UtcDateTime(), nullable=True))
        table.create_index(op.f('ix_report_asked'), ['asked'])
    op.execute('UPDATE report SET kept_at = made_at')
    # Triggers fill them and keep them: they are made of the models after each migration, not here.
    for whole in (False, True):
        for above in (False, True):
            make_cells(CELLS + '_whole' * whole + '_above' * above, whole=whole, above=above)


def make_cells(name: str, *, whole: bool, above: bool) -> None:
    seen_by = [] if whole else [
        sa.Column('audience', kit.db.column_types.Text(40), nullable=True),
        sa.Column('owner_id', KEY, nullable=True),
    ]
    op.create_table(
        name,
        sa.Column('cell', TEXT, nullable=False),
        sa.Column('region_id', KEY, nullable=True),
        sa.Column('employer_id', KEY, nullable=True),
        *seen_by,
        sa.Column('number', sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint('cell', name=op.f(f'pk_{name}')),
    )
    indexes = ['region_id', 'audience'] if above and not whole else ['region_id']
    op.create_index(op.f(f"ix_{name}_{'_'.join(indexes)}"), name, indexes)
    op.create_index(op.f(f'ix_{name}_employer_id'), name, ['employer_id'])
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        for policy, rule in POLICIES.items():
            if policy != 'public' or not whole:
                op.execute(f'CREATE POLICY {policy} ON {name} {rule}')


def downgrade() -> None:
    for name in ('_whole_above', '_whole', '_above', ''):
        op.drop_table(CELLS + name)
    with op.batch_alter_table('report') as table:
        table.drop_index(op.f('ix_report_asked'))
        table.drop_column('kept_at')
        table.drop_column('asked')
    with op.batch_alter_table('conferral_history') as table:
        table.drop_column(COLUMN)
    with op.batch_alter_table('conferral') as table:
        table.drop_index(op.f(INDEX))
        table.drop_constraint(op.f(LINK), type_='foreignkey')
        table.drop_column(COLUMN)
