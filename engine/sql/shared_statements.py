"""Statements that all plans of the process share: those that read no columns of one plan.

The statement of a total or of groups depends on the link, the shape of the arguments and the viewer
class, not on what else a document selects. So a new text often finds it compiled.
"""

from collections.abc import Hashable

from engine.sql.compiled import CompiledStatement
from kit.runtime.byte_cache import ByteCache

SHARED_BYTES = 16 << 20
STATEMENT_BYTES = 2_000  # of an entry besides its text and values: the key, readers of columns
VALUE_BYTES = 200


def statement_bytes(statement: CompiledStatement) -> int:
    width = len(statement.order) + len(statement.result_processors)
    return STATEMENT_BYTES + len(statement.text) + VALUE_BYTES * width


SHARED_STATEMENTS = ByteCache[Hashable, CompiledStatement](SHARED_BYTES, statement_bytes)
