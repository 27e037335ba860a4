"""An alliance's key is shown what is shared with it and what is its own, not what its convenor owns

Revision: 0029
After: 0022
"""

from alembic import op

revision = '0029'
down_revision = "0028"
branch_labels = None
depends_on = None

ORGANISATION = "current_setting('jiangpu.organisation', true)"
BOTH = 'jiangpu_partner, jiangpu_union'
CONVENED = f'SELECT alliance.id FROM alliance WHERE alliance.convenor_id = {ORGANISATION}'
# All that a partner is shown because its organisation owns it. Reports stay: each is made for one.
FACTS = [
    'bid', 'conferral', 'contribution', 'employment', 'enrolment', 'figure', 'grant', 'mentorship',
    'nomination', 'position', 'qualification', 'result', 'service_team_membership',
    'studio_membership', 'teaching',
]  # fmt: skip
OWNED = [
    'worker', 'worker_history', *FACTS, *(f'{table}_history' for table in FACTS),
    'enrolment_summary', 'qualification_summary', 'search_term',
    'unpublished_grade', 'worker_unpublished', 'worker_summary_unpublished',
    *(f'{table}_summary{which}' for table in ('worker', 'conferral', 'result') for which in ('', '_above')),
    'dispute', 'erasure_request', 'personal_subject', 'personal_value',
]  # fmt: skip
# What is said of the alliance itself, by the organisation that convenes it.
OF_ALLIANCES = {
    table: f'owner_id = {ORGANISATION} AND {which} IN ({CONVENED})'
    for table, which in {
        'figure': 'alliance_id',
        'figure_history': 'alliance_id',
        'grant': 'alliance_id',
        'grant_history': 'alliance_id',
        'search_term': "record_type = 'Alliance' AND record_id",
    }.items()
}


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table in OWNED:
        op.execute(f'ALTER POLICY own ON "{table}" TO {BOTH}')
    for table, rule in OF_ALLIANCES.items():
        op.execute(f'CREATE POLICY alliance ON "{table}" FOR SELECT TO jiangpu_convenor USING ({rule})')


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table in OF_ALLIANCES:
        op.execute(f'DROP POLICY alliance ON "{table}"')
    for table in OWNED:
        op.execute(f'ALTER POLICY own ON "{table}" TO {BOTH}, jiangpu_convenor')
