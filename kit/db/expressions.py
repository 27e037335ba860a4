"""Names for generic types whose parameter the code doesn't track, most of them of SQLAlchemy."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, CompoundSelect, ScalarSelect, Select
from sqlalchemy.types import TypeEngine

Expression: TypeAlias = ColumnElement[Any]
SelectStatement: TypeAlias = Select[Any]
ScalarSubquery: TypeAlias = ScalarSelect[Any]
UnionQuery: TypeAlias = CompoundSelect[Any]
ColumnType: TypeAlias = TypeEngine[Any]
ResultRow: TypeAlias = Sequence[Any]
Values: TypeAlias = Mapping[str, Any]  # of parameters, variables or columns, by name
