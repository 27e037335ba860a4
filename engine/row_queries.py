"""Selects the rows of kinds and links that a viewer sees: the ground of all statements."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, FromClause, select

from engine.catalog.join import AllRowsJoin, KeyFilter, KeyJoin, PairsJoin
from engine.catalog.kind import Kind
from engine.catalog.link import ToMany
from engine.sql.arguments import ConnectionArguments
from engine.sql.predicate import ViewerContext, list_predicate
from engine.sql.source_rows import AnyKeys
from kit.db.engine import in_keys
from kit.db.expressions import Expression, SelectStatement


@dataclass(frozen=True)
class RowQueries:
    """Builds statements for one viewer context and dialect."""

    asker: ViewerContext
    dialect: str

    def records(
        self, kind: Kind, column: str, keys: AnyKeys, rows: FromClause | None = None
    ) -> SelectStatement:
        rows = kind.rows(self.asker) if rows is None else rows
        visible = kind.visible(self.asker.viewer, rows)
        statement = select(*kind.own(rows)).select_from(rows)
        return statement.where(in_keys(rows.c[column], keys, self.dialect), visible)

    def among(self, keys: AnyKeys) -> KeyFilter | None:
        """None for the key of another row, which a statement in FROM can't see."""
        if isinstance(keys, ColumnElement):
            return None
        return lambda column: in_keys(column, keys, self.dialect)

    def linked_rows(
        self, join: KeyJoin, target: FromClause, keys: AnyKeys
    ) -> tuple[Expression, SelectStatement]:
        """Select the rows of the target that the keys lead to, without columns yet."""
        if self.dialect == "sqlite" and isinstance(join, PairsJoin):
            source, joins = join.join_source(target, self.asker, self.among(keys))
        else:
            source, joins = join.join_source(target, self.asker)
        statement = select().select_from(target)
        for between, on in joins:
            statement = statement.join(between, on)
        if not isinstance(join, AllRowsJoin):
            statement = statement.where(in_keys(source, keys, self.dialect))
        return source, statement

    def scope(
        self,
        link: ToMany,
        arguments: ConnectionArguments,
        keys: AnyKeys,
        target: FromClause | None = None,
    ) -> tuple[FromClause, Expression, SelectStatement]:
        target = link.to.rows(self.asker) if target is None else target
        join = link.scopes.get(arguments.scope, link.way)
        source, statement = self.linked_rows(join, target, keys)
        return (
            target,
            source,
            statement.where(list_predicate(link.to, target, arguments, self.asker)),
        )
