"""Row-level security on every kind of fact that names a person and on its counts; nobody reads `change`

On SQLite an entry of the access log can't be replaced by another either: to put a row in the place of
one deletes it, and no trigger hears of that.

Revision: 0020
After: 0019
"""

from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

REGION = "current_setting('jiangpu.region', true)"
ORGANISATION = "current_setting('jiangpu.organisation', true)"
WORKER = "current_setting('jiangpu.worker', true)"
READERS = ', '.join(
    f'jiangpu_{role}' for role in ('public', 'partner', 'convenor', 'union', 'steward')
)
PARTNERS = 'jiangpu_partner, jiangpu_convenor, jiangpu_union'
SUBTREE = f'region_id IN (SELECT region_id FROM region_ancestor WHERE ancestor_id = {REGION})'
LIES = SUBTREE.replace('region_id', 'lies_in_id', 1)
SHARING = f"""
    SELECT coalesce(membership.organisation_id, studio.host_id, academy.host_id)
    FROM alliance
    JOIN alliance_membership AS membership ON membership.alliance_id = alliance.id
    LEFT JOIN studio ON studio.id = membership.studio_id
    LEFT JOIN academy ON academy.id = membership.academy_id
    WHERE alliance.convenor_id = {ORGANISATION}
    AND membership.ends IS NULL AND membership.status <> 'RETRACTED'
"""


def lies(*holders: str) -> str:
    """With one of its holders: whoever one is about lies in a region."""
    return ' OR '.join(
        f'EXISTS (SELECT FROM {table} AS held JOIN region_ancestor AS tree'
        f' ON tree.region_id = held.region_id AND tree.ancestor_id = {REGION}'
        f' WHERE held.id = {table}_id)'
        for table in holders
    )


IN_THE_REGION = {
    'bid': lies('worker', 'organisation', 'studio', 'challenge'),
    'conferral': LIES,
    'contribution': lies('worker', 'organisation', 'studio', 'outcome'),
    'employment': lies('worker', 'organisation'),
    'figure': SUBTREE,
    'grant': LIES,
    'nomination': lies('worker', 'organisation', 'studio'),
    'position': lies('worker', 'organisation'),
    'result': LIES,
    'service_team_membership': lies('worker', 'service_team'),
    'studio_membership': lies('worker', 'studio'),
    'teaching': lies('worker', 'organisation', 'academy'),
}
COUNTED = ('conferral', 'result')

EVERYWHERE = {
    'public': f"FOR SELECT TO {READERS} USING (audience = 'PUBLIC')",
    'own': f'FOR SELECT TO {PARTNERS} USING (owner_id = {ORGANISATION})',
    'shared': 'FOR SELECT TO jiangpu_convenor'
    f" USING (audience = 'SHARED' AND owner_id IN ({SHARING}))",
    'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
    'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
}
PERSON = {'person': f'FOR SELECT TO jiangpu_partner USING (worker_id = {WORKER})'}


def region(rule: str) -> dict[str, str]:
    return {'region': f'FOR SELECT TO jiangpu_union USING ({rule})'}


# Whatever else lets a union read: not what is protected, as in 0019.
PROTECTED = (
    'AS RESTRICTIVE FOR SELECT TO jiangpu_union'
    f" USING (audience <> 'PROTECTED' OR owner_id = {ORGANISATION})"
)


def walls() -> dict[str, dict[str, str]]:
    found = {}
    for table, rule in IN_THE_REGION.items():
        found[table] = found[f'{table}_history'] = EVERYWHERE | PERSON | region(rule)
    for table in COUNTED:
        # Cells don't tell about whom they are: a person counts the rows themselves.
        cells = EVERYWHERE | region(SUBTREE) | {'protected': PROTECTED}
        found[f'{table}_summary'] = found[f'{table}_summary_above'] = cells
    return found


REFUSED = 'The access log is written once: entries are never changed or taken away.'
# Its key, or the number that SQLite itself gives each row.
TAKEN = 'EXISTS (SELECT 1 FROM access_log WHERE number = NEW.number OR rowid = NEW.rowid)'


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        op.execute(
            f'CREATE TRIGGER access_log_is_kept_insert BEFORE INSERT ON access_log WHEN {TAKEN} '
            f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        )
        return
    for table, policies in walls().items():
        op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        for name, policy in policies.items():
            op.execute(f'CREATE POLICY {name} ON "{table}" {policy}')
    op.execute(f'REVOKE ALL ON change FROM {READERS}')


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        op.execute('DROP TRIGGER access_log_is_kept_insert')
        return
    for table, policies in walls().items():
        for name in policies:
            op.execute(f'DROP POLICY {name} ON "{table}"')
        op.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY')
    op.execute(f'GRANT SELECT ON change TO {READERS}')
