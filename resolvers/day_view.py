"""What a viewer sees of one day: the predicates that statements about collaborators share."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    cast,
    or_,
)

from engine.kind import Kind, Spells
from engine.page import ConnectionArguments
from engine.predicate import list_predicate
from engine.prepared import PreparedStatement, StatementBuilder
from engine.statements import QueryBuilder
from kit.columns import Text
from kit.database import KeyParameter, in_keys


@dataclass(frozen=True)
class DayView:
    """What a viewer sees of a day: today, unless another is asked for."""

    write: QueryBuilder
    on: date | None

    @property
    def day(self) -> date:
        return self.on or self.write.asker.today

    @property
    def links(self) -> int:
        """The most links of one record, of one kind, that are followed."""
        return self.write.asker.limits.links

    def prepare(
        self,
        write: StatementBuilder,
        keys: Mapping[str, Sequence[str]],
        *,
        lists: bool = False,
        **arguments: Hashable,
    ) -> PreparedStatement:
        return PreparedStatement(
            write, self, self.write.dialect, keys, tuple(arguments.items()), lists=lists
        )

    def facts(self, kind: Kind) -> tuple[FromClause, ColumnElement[bool]]:
        rows = kind.rows(self.write.asker)
        asked = ConnectionArguments(on=self.on, spells=None if self.on else Spells.CURRENT)
        return rows, list_predicate(kind, rows, asked, self.write.asker)

    def things(self, kind: Kind) -> tuple[FromClause, ColumnElement[bool]]:
        rows = kind.rows(self.write.asker)
        return rows, kind.visible(self.write.asker.viewer, rows)

    def among(self, column: ColumnElement[Any], keys: KeyParameter) -> ColumnElement[bool]:
        return in_keys(column, keys, self.write.dialect)

    def happened_by(
        self, year: ColumnElement[Any], day: ColumnElement[Any] | None = None
    ) -> ColumnElement[bool]:
        """What happened in that year, or on that day as published, is past on the day asked.

        What bears no date is left out for a day in the past: nobody knows.
        """
        known, not_later = [year.is_not(None)], [or_(year.is_(None), year <= self.day.year)]
        if day is not None:
            known.append(day.is_not(None))
            # A year or a month is the beginning of each of its days, as a text too.
            not_later.append(or_(day.is_(None), cast(day, Text()) <= self.day.isoformat()))
        past = self.on is not None and self.on < self.write.asker.today
        return and_(*not_later, or_(*known)) if past else and_(*not_later)
