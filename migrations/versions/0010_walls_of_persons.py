"""Row-level security on personal data, on who read it, and on disputes

Revision: 0010
After: 0009
"""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

REGION = "current_setting('jiangpu.region', true)"
ORGANISATION = "current_setting('jiangpu.organisation', true)"
WORKER = "current_setting('jiangpu.worker', true)"
READERS = ', '.join(
    f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward')
)
PARTNERS = 'jiangpu_partner, jiangpu_convenor, jiangpu_union'
OWNED = (
    f'EXISTS (SELECT FROM worker AS held WHERE held.id = worker_id AND held.owner_id = {ORGANISATION})'
)
LYING = (
    'EXISTS (SELECT FROM worker AS held JOIN region_ancestor AS tree'
    f' ON tree.region_id = held.region_id AND tree.ancestor_id = {REGION}'
    ' WHERE held.id = worker_id)'
)
READ_BY_ANYBODY = f"""
    pseudonym IN (SELECT pseudonym FROM personal_subject WHERE worker_id = {WORKER})
"""
# Nobody but these sees a row: there is no policy for the public.
POLICIES = {
    'personal_value': {
        'own': f'FOR SELECT TO {PARTNERS} USING (owner_id = {ORGANISATION} OR {OWNED})',
        'region': f'FOR SELECT TO jiangpu_union USING ({LYING})',
        'person': f'FOR SELECT TO jiangpu_partner USING (worker_id = {WORKER})',
    },
    'personal_subject': {
        'own': f'FOR SELECT TO {PARTNERS} USING ({OWNED})',
        'region': f'FOR SELECT TO jiangpu_union USING ({LYING})',
        'person': f'FOR SELECT TO jiangpu_partner USING (worker_id = {WORKER})',
    },
    'access_log': {'person': f'FOR SELECT TO jiangpu_partner USING ({READ_BY_ANYBODY})'},
    'dispute': {
        'own': f'FOR SELECT TO {PARTNERS} USING (owner_id = {ORGANISATION})',
        'person': f'FOR SELECT TO jiangpu_partner USING (worker_id = {WORKER})',
    },
}
EVERYWHERE = {
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, policies in POLICIES.items():
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        for name, policy in (policies | EVERYWHERE).items():
            op.execute(f'CREATE POLICY {name} ON {table} {policy}')
        op.execute(f'GRANT SELECT ON {table} TO {READERS}')


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, policies in POLICIES.items():
        op.execute(f'REVOKE ALL ON {table} FROM {READERS}')
        for name in policies | EVERYWHERE:
            op.execute(f'DROP POLICY {name} ON {table}')
        op.execute(f'ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY')
