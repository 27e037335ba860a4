"""The service as it is measured: `uvicorn --factory benchmarks.served:app`.

The environment says on which database (DATABASE_URL), which way (BENCH_WAY: PLAN, BATCH or DEFAULT)
and for whom (BENCH_VIEWER: public or operator). Requests are logged as in production.
"""

import os

from starlette.applications import Starlette

from resolvers.access import OPERATOR, PUBLIC
from server import create_app
from settings import Settings
from web.log import configure

VIEWERS = {viewer.name: viewer for viewer in (PUBLIC, OPERATOR)}


def app() -> Starlette:
    settings = Settings(database_url=os.environ["DATABASE_URL"])
    way, viewer = os.environ["BENCH_WAY"], VIEWERS[os.environ["BENCH_VIEWER"]]
    configure("json", "info")
    return made(settings, way, viewer.name)


def made(settings: Settings, way: str, viewer: str) -> Starlette:
    # The one line to change, once there are ways to run:
    # return create_app(settings, viewer=VIEWERS[viewer], way=way)
    if way != "DEFAULT":
        raise SystemExit(f"BENCH_WAY is {way}: only DEFAULT can be served as yet.")
    return create_app(settings)
