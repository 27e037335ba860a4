"""PostgreSQL databases that tests use one after another, restored instead of created.

A database is some 1,500 files: to copy and to drop them takes longer than most tests, and each
connection to a new one reads its catalogue and plans every statement again.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

# Of tables, columns, constraints, triggers, policies, functions and settings.
SCHEMA_DIGEST = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
  SELECT concat(relname, relkind, relrowsecurity, relforcerowsecurity, relacl) AS part
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL SELECT concat(attrelid, attname, atttypid, attnotnull) FROM pg_attribute
    JOIN pg_class ON pg_class.oid = attrelid AND relnamespace = 'public'::regnamespace
    WHERE attnum > 0
  UNION ALL SELECT concat(conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
  UNION ALL SELECT concat(tgrelid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
  UNION ALL SELECT concat(polrelid, polname, polpermissive) FROM pg_policy
  UNION ALL SELECT concat(proname, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
  UNION ALL SELECT concat(setdatabase, setrole, setconfig) FROM pg_db_role_setting
) AS parts
"""
BEGINNING = "SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '5s'"


@dataclass
class ReusableDatabase:
    """The rows of the beginning are kept in its schema `pristine`.

    A row that was written since has a later transaction; a row that is gone lowers the count.
    """

    url: str
    loop: asyncio.AbstractEventLoop
    connection: "asyncpg.Connection[Any]"
    schema_digest: str
    last_transaction: int  # the number of the one that wrote the last of the rows of the beginning
    row_counts: dict[str, int]  # by table, at the beginning

    @classmethod
    def of(cls, url: str) -> "ReusableDatabase":
        """Take the present state of the database as its beginning."""
        loop = asyncio.new_event_loop()
        address = make_url(url).set(drivername="postgresql")
        connection = loop.run_until_complete(
            asyncpg.connect(address.render_as_string(hide_password=False))
        )
        run = loop.run_until_complete
        names = run(connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        tables = {}
        run(connection.execute("CREATE SCHEMA pristine"))
        for (name,) in names:
            number = run(connection.fetchval(f'SELECT count(*) FROM public."{name}"'))
            tables[name] = number
            if number:
                run(connection.execute(f'CREATE TABLE pristine."{name}" AS TABLE public."{name}"'))
        schema = run(connection.fetchval(SCHEMA_DIGEST))
        newest = run(connection.fetchval("SELECT txid_current()"))
        return cls(url, loop, connection, schema, newest, tables)

    def restore(self) -> bool:
        """Return false if it can't be restored: the schema changed, or a lock is held."""
        try:
            return self.loop.run_until_complete(self.restore_rows())
        except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
            return False

    async def restore_rows(self) -> bool:
        async with self.connection.transaction():
            await self.connection.execute(BEGINNING)
            if await self.connection.fetchval(SCHEMA_DIGEST) != self.schema_digest:
                return False
            written = await self.connection.fetchrow(self.changed_tables())
            changed = [name for name, is_written in written.items() if is_written]
            for name in changed:
                await self.connection.execute(f'DELETE FROM public."{name}"')
                if self.row_counts[name]:
                    await self.connection.execute(
                        f'INSERT INTO public."{name}" SELECT * FROM pristine."{name}"'
                    )
            if any(self.row_counts[name] for name in changed):
                self.last_transaction = await self.connection.fetchval("SELECT txid_current()")
        return True

    def changed_tables(self) -> str:
        """Return a query: of each table, whether its rows differ from those of the beginning."""
        later = f"count(*) FILTER (WHERE xmin::text::bigint > {self.last_transaction})"
        parts = [
            f'(SELECT count(*) <> {number} OR {later} > 0 FROM public."{name}") AS "{name}"'
            if number
            else f'EXISTS (SELECT FROM public."{name}") AS "{name}"'
            for name, number in self.row_counts.items()
        ]
        return f"SELECT {', '.join(parts)}"

    def close(self) -> None:
        self.loop.run_until_complete(self.connection.close())
        self.loop.close()
