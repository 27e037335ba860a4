"""Support for a proxy that gives each PostgreSQL transaction another session.

An example is pgbouncer in its mode `transaction`. The service then keeps nothing in a session, and
sends the settings of a connection at the start of each transaction.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import URL

POOLING_PARAMETER = "pooling"  # `?pooling=transaction` in an address


def split_pooling(url: URL) -> tuple[URL, bool]:
    """Return the address for drivers, and whether there is a proxy."""
    return url.difference_update_query([POOLING_PARAMETER]), POOLING_PARAMETER in url.query


def set_config_statement(settings: Mapping[str, str]) -> str:
    """Return the statement that sets these for the transaction: names and figures only."""
    calls = (f"set_config('{name}', '{value}', true)" for name, value in settings.items())
    return f"SELECT {', '.join(calls)}"


# No statement is known by a name, which another session would not know: each is parsed where it
# runs.
UNPREPARED_OPTIONS: dict[str, Any] = {
    "statement_cache_size": 0,
    "prepared_statement_cache_size": 0,
    "prepared_statement_name_func": lambda: "",
}
