"""The service as it is measured: `uvicorn --factory benchmarks.served:app`.

The environment says on which database (DATABASE_URL), which way (BENCH_WAY: PLAN, BATCH or DEFAULT)
and for whom (BENCH_VIEWER: public, who sends no key, or operator, whom nobody asks for one). All
else is as in production: limits, rates, the second wall, a line in the log for each request.
"""

import os

from starlette.applications import Starlette

from resolvers.core.access import OPERATOR, PUBLIC
from resolvers.core.context import Executor
from server import create_app
from settings import Settings
from web.log import configure_logging

VIEWERS = {PUBLIC.name: None, OPERATOR.name: OPERATOR}


def app() -> Starlette:
    # One address asks more than any partner would.
    settings = Settings(
        database_url=os.environ["DATABASE_URL"],
        points_per_minute=10**12,
        public_points_per_minute=10**12,
    )
    configure_logging("json", "info")
    viewer = VIEWERS[os.environ["BENCH_VIEWER"]]
    return create_app(settings, viewer, Executor[os.environ["BENCH_WAY"]])
