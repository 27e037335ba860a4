"""Personal data

Revision: 0008
After: 0007
"""

import sqlalchemy as sa
from alembic import op

import kit.db.column_types


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

REFUSED = 'The access log is written once: entries are never changed or taken away.'
REFUSAL = f"""
CREATE FUNCTION refuse_change_of_access_log() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'insufficient_privilege'; END $$
"""


def keep_access_log() -> None:
    """What writes entries needs no more than INSERT and SELECT; this holds for whoever owns the table too."""
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(REFUSAL)
        for name, events, each in (
            ('access_log_is_kept', 'UPDATE OR DELETE', 'ROW'),
            ('access_log_is_not_emptied', 'TRUNCATE', 'STATEMENT'),
        ):
            op.execute(
                f'CREATE TRIGGER {name} BEFORE {events} ON access_log '
                f'FOR EACH {each} EXECUTE FUNCTION refuse_change_of_access_log()'
            )
        return
    for event in ('UPDATE', 'DELETE'):
        op.execute(
            f'CREATE TRIGGER access_log_is_kept_{event.lower()} BEFORE {event} ON access_log '
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )


def upgrade() -> None:
    op.create_table('access_log',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', kit.db.column_types.UtcDateTime(), nullable=False),
    sa.Column('access_action', kit.db.column_types.Text(40), nullable=False),
    sa.Column('reader', kit.db.column_types.Text(), nullable=False),
    sa.Column('pseudonym', kit.db.column_types.Text(80), nullable=False),
    sa.Column('fields', kit.db.column_types.Text(), nullable=False),
    sa.Column('purpose', kit.db.column_types.Text(), nullable=False),
    sa.Column('legal_basis_id', kit.db.column_types.Text(80), nullable=True),
    sa.Column('previous', kit.db.column_types.Text(), nullable=False),
    sa.Column('hash', kit.db.column_types.Text(), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_access_log'))
    )
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_log_pseudonym'), ['pseudonym'], unique=False)

    op.create_table('legal_basis',
    sa.Column('id', kit.db.column_types.Text(80), nullable=False),
    sa.Column('partner_id', kit.db.column_types.Text(80), nullable=False),
    sa.Column('field_group', kit.db.column_types.Text(40), nullable=False),
    sa.Column('basis', kit.db.column_types.Text(40), nullable=False),
    sa.Column('agreed_on', sa.Date(), nullable=False),
    sa.Column('purpose', kit.db.column_types.Text(), nullable=False),
    sa.Column('expires', sa.Date(), nullable=True),
    sa.Column('typed_by', kit.db.column_types.Text(), nullable=False),
    sa.Column('recorded_at', kit.db.column_types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['partner_id'], ['organisation.id'], name=op.f('fk_legal_basis_partner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_basis'))
    )
    with op.batch_alter_table('legal_basis', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_legal_basis_partner_id'), ['partner_id'], unique=False)

    op.create_table('dispute',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('worker_id', kit.db.column_types.Text(80), nullable=False),
    sa.Column('record_type', kit.db.column_types.Text(), nullable=False),
    sa.Column('record_id', kit.db.column_types.Text(80), nullable=False),
    sa.Column('owner_id', kit.db.column_types.Text(80), nullable=True),
    sa.Column('text', kit.db.column_types.Text(), nullable=False),
    sa.Column('dispute_status', kit.db.column_types.Text(40), nullable=False),
    sa.Column('opened_at', kit.db.column_types.UtcDateTime(), nullable=False),
    sa.Column('answer', kit.db.column_types.Text(), nullable=True),
    sa.Column('settled_by', kit.db.column_types.Text(), nullable=True),
    sa.Column('settled_at', kit.db.column_types.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_dispute_worker_id')),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_dispute'))
    )
    with op.batch_alter_table('dispute', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_dispute_owner_id'), ['owner_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_dispute_worker_id'), ['worker_id'], unique=False)

    op.create_table('personal_subject',
    sa.Column('worker_id', kit.db.column_types.Text(80), nullable=False),
    sa.Column('pseudonym', kit.db.column_types.Text(80), nullable=False),
    sa.Column('minor_until', sa.Date(), nullable=True),
    sa.Column('child_until', sa.Date(), nullable=True),
    sa.Column('guardian_agreed', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_personal_subject_worker_id')),
    sa.PrimaryKeyConstraint('worker_id', name=op.f('pk_personal_subject')),
    sa.UniqueConstraint('pseudonym', name=op.f('uq_personal_subject_pseudonym'))
    )
    op.create_table('personal_value',
    sa.Column('worker_id', kit.db.column_types.Text(80), nullable=False),
    sa.Column('field', kit.db.column_types.Text(40), nullable=False),
    sa.Column('fact_id', kit.db.column_types.Text(80), nullable=False),
    sa.Column('sealed', kit.db.column_types.Text(), nullable=False),
    sa.Column('mark', kit.db.column_types.Text(), nullable=True),
    sa.Column('owner_id', kit.db.column_types.Text(80), nullable=False),
    sa.Column('typed_by', kit.db.column_types.Text(), nullable=False),
    sa.Column('recorded_at', kit.db.column_types.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['worker_id'], ['worker.id'], name=op.f('fk_personal_value_worker_id')),
    sa.PrimaryKeyConstraint('worker_id', 'field', 'fact_id', name=op.f('pk_personal_value'))
    )
    with op.batch_alter_table('personal_value', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_personal_value_mark'), ['mark'], unique=False)
        batch_op.create_index(batch_op.f('ix_personal_value_owner_id'), ['owner_id'], unique=False)
    keep_access_log()


def downgrade() -> None:
    with op.batch_alter_table('personal_value', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_personal_value_owner_id'))
        batch_op.drop_index(batch_op.f('ix_personal_value_mark'))

    op.drop_table('personal_value')
    op.drop_table('personal_subject')
    with op.batch_alter_table('dispute', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_dispute_worker_id'))
        batch_op.drop_index(batch_op.f('ix_dispute_owner_id'))

    op.drop_table('dispute')
    with op.batch_alter_table('legal_basis', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_legal_basis_partner_id'))

    op.drop_table('legal_basis')
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_log_pseudonym'))

    op.drop_table('access_log')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION refuse_change_of_access_log()')
