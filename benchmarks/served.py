"""The service as it is measured: `uvicorn --factory benchmarks.served:app`.

The environment says on which database (DATABASE_URL), which way (BENCH_WAY: PLAN, BATCH or DEFAULT)
and for whom (BENCH_VIEWER: public or operator). Requests are logged as in production.
"""

import os

from starlette.applications import Starlette

from resolvers.access import OPERATOR, PUBLIC, Viewer
from server import create_app
from settings import Settings
from web.log import configure

VIEWERS = {viewer.name: viewer for viewer in (PUBLIC, OPERATOR)}


def app() -> Starlette:
    settings = Settings(database_url=os.environ["DATABASE_URL"])
    way, viewer = os.environ["BENCH_WAY"], VIEWERS[os.environ["BENCH_VIEWER"]]
    configure("json", "info")
    return made(settings, way, viewer)


def made(settings: Settings, way: str, viewer: Viewer) -> Starlette:
    # The line to put here once there are ways to run:
    # return create_app(settings, viewer=viewer, way=way)
    # Until then the operator is answered, who sees no more of W1 and W4 than the public does.
    if way != "DEFAULT":
        raise SystemExit(f"BENCH_WAY is {way}: only DEFAULT can be served as yet.")
    return create_app(settings)
