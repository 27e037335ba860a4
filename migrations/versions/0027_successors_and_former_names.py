"""What became of regions and organisations, and the names that organisations had

Who may see what is told of an organisation: whoever sees it, and nobody else
(resolvers/writing/organisation_renaming.py). As organisations themselves, it is behind the first wall alone.

Revision: 0027
After: 0022
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types

revision = '0027'
down_revision = "0026"
branch_labels = None
depends_on = None

READERS = ', '.join(
    f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward')
)
SUCCESSION = [('since', kit.db.column_types.PartialDateText(), True), ('decree', kit.db.column_types.Text(), True)]
NAMED = [
    ('name', kit.db.column_types.Text(), False),
    ('started', kit.db.column_types.PartialDateText(), True),
    ('ended', kit.db.column_types.PartialDateText(), True),
]
# (the table, the columns that refer, and to what, the others)
TABLES = [
    ('region_succession', {'region_id': 'region', 'successor_id': 'region'}, SUCCESSION),
    ('organisation_former_name', {'organisation_id': 'organisation'}, NAMED),
    (
        'organisation_succession',
        {'organisation_id': 'organisation', 'successor_id': 'organisation'},
        SUCCESSION,
    ),
]


def columns(refers: list[str], others: list[tuple], *, image: bool = False) -> list[sa.Column]:
    return [
        sa.Column('id', kit.db.column_types.Text(80), nullable=image),
        sa.Column('owner_id', kit.db.column_types.Text(80), nullable=True),
        sa.Column('audience', kit.db.column_types.Text(40), nullable=image),
        sa.Column('typed_by', kit.db.column_types.Text(), nullable=image),
        sa.Column('recorded_at', kit.db.column_types.UtcDateTime(), nullable=image),
        sa.Column('note', kit.db.column_types.Text(), nullable=True),
        *(sa.Column(name, kit.db.column_types.Text(80), nullable=image) for name in refers),
        *(sa.Column(name, kind, nullable=image or may) for name, kind, may in others),
    ]


def upgrade() -> None:
    # Filled by whoever migrates, as all that says where regions lie (resolvers/writing/derived_columns.py).
    if op.get_bind().dialect.name == 'sqlite':
        # It adds no constraint to a table that stands, but a column with its reference, unnamed.
        refers_to = sa.Column('current_id', kit.db.column_types.Text(80), sa.ForeignKey('region.id'))
        op.add_column('region', refers_to, inline_references=True)
    else:
        op.add_column('region', sa.Column('current_id', kit.db.column_types.Text(80), nullable=True))
        name = op.f('fk_region_current_id')
        op.create_foreign_key(name, 'region', 'region', ['current_id'], ['id'])
    op.create_index(op.f('ix_region_current_id'), 'region', ['current_id'])
    op.add_column('region_history', sa.Column('current_id', kit.db.column_types.Text(80), nullable=True))
    for table, refers, others in TABLES:
        constraints = [
            sa.ForeignKeyConstraint([name], [f'{to}.id'], name=op.f(f'fk_{table}_{name}'))
            for name, to in refers.items()
        ]
        if len(refers) > 1:
            unique = '_'.join(refers)
            constraints.append(sa.UniqueConstraint(*refers, name=op.f(f'uq_{table}_{unique}')))
        op.create_table(
            table,
            *columns([*refers], others),
            *constraints,
            sa.PrimaryKeyConstraint('id', name=op.f(f'pk_{table}')),
        )
        for name in refers:
            op.create_index(op.f(f'ix_{table}_{name}'), table, [name])
        op.create_table(
            f'{table}_history',
            sa.Column('replaced_by', sa.BigInteger(), autoincrement=False, nullable=False),
            sa.Column('known_until', kit.db.column_types.UtcDateTime(), nullable=False),
            *columns([*refers], others, image=True),
            sa.PrimaryKeyConstraint('replaced_by', name=op.f(f'pk_{table}_history')),
        )
        op.create_index(op.f(f'ix_{table}_history_id'), f'{table}_history', ['id'])
        if op.get_bind().dialect.name == 'postgresql':
            op.execute(f'GRANT SELECT ON {table}, {table}_history TO {READERS}')


def downgrade() -> None:
    for table, _, _ in reversed(TABLES):
        op.drop_table(f'{table}_history')
        op.drop_table(table)
    op.drop_index(op.f('ix_region_current_id'), 'region')
    op.drop_column('region_history', 'current_id')
    with op.batch_alter_table('region') as batch_op:
        batch_op.drop_column('current_id')
