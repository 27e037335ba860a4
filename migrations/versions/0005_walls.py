"""Row-level security: the second wall, on what isn't public by nature

Revision: 0005
After: 0004
"""

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

# Whoever reads does so in one of these, never as the owner of the tables.
ROLES = ['public', 'partner', 'convenor', 'union', 'steward']
# Where a row lies: (table, condition), in the subtree of the region that the session names.
REGION = "current_setting('jiangpu.region', true)"
ORGANISATION = "current_setting('jiangpu.organisation', true)"
SUBTREE = f'SELECT region_id FROM region_ancestor WHERE ancestor_id = {REGION}'


def lies(table: str, column: str) -> str:
    return (
        f'EXISTS (SELECT FROM {table} AS held JOIN region_ancestor AS tree'
        f' ON tree.region_id = held.region_id AND tree.ancestor_id = {REGION}'
        f' WHERE held.id = {column})'
    )


IN_THE_REGION = {
    'worker': f'region_id IN ({SUBTREE})',
    'enrolment': f"{lies('organisation', 'college_id')} OR {lies('worker', 'trainee_id')}",
    'mentorship': f"{lies('worker', 'mentor_id')} OR {lies('worker', 'apprentice_id')}",
    'qualification': lies('worker', 'worker_id'),
}
SHARING = f"""
    SELECT coalesce(membership.organisation_id, studio.host_id, academy.host_id)
    FROM alliance
    JOIN alliance_membership AS membership ON membership.alliance_id = alliance.id
    LEFT JOIN studio ON studio.id = membership.studio_id
    LEFT JOIN academy ON academy.id = membership.academy_id
    WHERE alliance.convenor_id = {ORGANISATION}
    AND membership.ends IS NULL AND membership.status <> 'RETRACTED'
"""
NAMED = ', '.join(f'jiangpu_{role}' for role in ROLES)


WORKER = "current_setting('jiangpu.worker', true)"
ABOUT_THE_WORKER = {
    'worker': f'id = {WORKER}',
    'enrolment': f'trainee_id = {WORKER}',
    'mentorship': f'mentor_id = {WORKER} OR apprentice_id = {WORKER}',
    'qualification': f'worker_id = {WORKER}',
}


def policies(table: str, lies_in_the_region: str) -> dict[str, str]:
    """Each lets more rows through; who may write is the owner alone, and it has to say so."""
    return {
        'public': f"FOR SELECT TO {NAMED} USING (audience = 'PUBLIC')",
        'own': 'FOR SELECT TO jiangpu_partner, jiangpu_convenor, jiangpu_union'
        f" USING (owner_id = {ORGANISATION})",
        'shared': 'FOR SELECT TO jiangpu_convenor'
        f" USING (audience = 'SHARED' AND owner_id IN ({SHARING}))",
        'person': 'FOR SELECT TO jiangpu_partner'
        f" USING ({ABOUT_THE_WORKER[table.removesuffix('_history')]})",
        'region': f'FOR SELECT TO jiangpu_union USING ({lies_in_the_region})',
        'steward': 'FOR SELECT TO jiangpu_steward USING (true)',
        'owner': "TO CURRENT_USER USING (current_setting('jiangpu.writing', true) = 'on')",
    }


def tables() -> dict[str, str]:
    return IN_THE_REGION | {f'{table}_history': lies for table, lies in IN_THE_REGION.items()}


def upgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for role in ROLES:
        # Roles belong to the whole server: another registry there may have made them just now.
        op.execute(f"""
            DO $$ BEGIN
                CREATE ROLE jiangpu_{role} NOLOGIN;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
        """)
        # To become one of them, not to see what they see without becoming one.
        how = ' WITH INHERIT FALSE, SET TRUE' if op.get_bind().dialect.server_version_info >= (16,) else ''
        op.execute(f"""
            DO $$ BEGIN
                GRANT jiangpu_{role} TO CURRENT_USER{how};
            EXCEPTION WHEN insufficient_privilege THEN
                IF NOT pg_has_role(current_user, 'jiangpu_{role}', 'MEMBER') THEN RAISE; END IF;
            END $$
        """)
    for table, lies_in_the_region in tables().items():
        op.execute(f'ALTER TABLE {table} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
        for name, policy in policies(table, lies_in_the_region).items():
            op.execute(f'CREATE POLICY {name} ON {table} {policy}')


def downgrade() -> None:
    if op.get_bind().dialect.name != 'postgresql':
        return
    for table, lies_in_the_region in tables().items():
        for name in policies(table, lies_in_the_region):
            op.execute(f'DROP POLICY {name} ON {table}')
        op.execute(f'ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY')
    op.execute(f'REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {NAMED}')
