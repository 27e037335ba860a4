"""The examples, with something hidden of every kind, and an earlier image of every row."""

from itertools import cycle

from sqlalchemy import bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from kit.db.engine import open_engine
from models import HISTORY_TABLES
from models.history import model_table, table_models
from models.row import Audience
from resolvers.core.declare import REGISTRY
from tests.support.databases import Databases
from tests.support.graph import run_async
from tests.support.visible_records import VIEWERS

SHARING = {"demo_enterprise_01", "demo_enterprise_06", "demo_enterprise_24"}
OWNER, SHARED, PROTECTED = Audience.OWNER, Audience.SHARED, Audience.PROTECTED


def hidden_examples_url(databases: Databases, dialect: str) -> str:
    """Return the URL of such a registry of the caller's own, but without the images.

    It is made once in a run, and copied.
    """

    def make() -> str:
        url = databases.copy(dialect, "examples")
        run_async(hide_rows_directly(url))
        return url

    databases.kept(dialect, "hidden_some", make)
    return databases.copy(dialect, "hidden_some")


async def hide_rows_directly(url: str) -> None:
    """Past the write path: of three rows one goes to an owner, of five one is shared by one."""
    owners = cycle(
        sorted({viewer.organisation for viewer in VIEWERS if viewer.organisation} | SHARING)
    )
    engine = open_engine(url)
    async with engine.begin() as connection:
        for kind in REGISTRY.kinds.values():
            ids = await connection.scalars(select(kind.table.c.id).order_by(kind.table.c.id))
            hidden = [
                {
                    "this": id,
                    "owner": next(owners),
                    "who": PROTECTED if n % 6 == 4 else OWNER if n % 3 else SHARED,
                }
                for n, id in enumerate(ids)
                if n % 3 == 1 or n % 5 == 3
            ]
            narrow = update(kind.table).where(kind.table.c.id == bindparam("this"))
            changed = narrow.values(owner_id=bindparam("owner"), audience=bindparam("who"))
            await connection.execute(changed, hidden)
    await engine.dispose()


async def copy_rows_to_history(connection: AsyncConnection) -> None:
    """Every row as it is, as if something had replaced it."""
    for model in table_models():
        live, twin = model_table(model), HISTORY_TABLES[model]
        number = func.row_number().over(order_by=live.c.id)
        images = select(number, live.c.recorded_at, *live.c)
        columns = ["replaced_by", "known_until", *live.c.keys()]
        await connection.execute(insert(twin).from_select(columns, images))
