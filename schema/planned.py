"""Which way a question goes: by the engine's plan where there is one, else by Strawberry."""

from collections.abc import Mapping
from typing import Any

from graphql import GraphQLError, GraphQLSchema, OperationType

from engine.coercion import Coercion
from engine.explain import explained
from engine.meaning import NotPlanned
from engine.plan import Operation, Plan, Recent
from engine.predicate import Asker
from engine.run import Run, Tally
from engine.selection import Convert
from engine.variables import WrongVariables
from kit.errors import BadInput, Told
from kit.limits import LIMITS, Limits
from resolvers.access import template
from resolvers.context import Context, Way
from schema.cost import Asked
from schema.document import Checked, Documents, operation
from schema.limits import admit
from schema.meanings import meaning_of
from schema.survey import name_of


class Planned:
    """Operations of one schema, kept with the documents that they stand in."""

    def __init__(self, schema: GraphQLSchema, documents: Documents, convert: Convert) -> None:
        self.schema, self.documents, self.convert = schema, documents, convert
        self.recent, self.coercion = Recent(), Coercion()

    def known(
        self, query: str, name: str | None, limits: Limits = LIMITS
    ) -> tuple[Operation, Asked]:
        """Raises NotPlanned for what the default executor has to refuse."""
        try:
            checked = self.documents.checked(query, limits)
        except (GraphQLError, Told) as error:
            raise NotPlanned("document") from error
        return self.operation(checked, name)

    def operation(self, checked: Checked, name: str | None) -> tuple[Operation, Asked]:
        """Raises NotPlanned for what the default executor has to refuse."""
        found: tuple[Operation, Asked] | None = checked.operations.get(name)
        if found is not None:
            return found
        try:
            chosen = operation(checked.document, name)
        except Told as error:
            raise NotPlanned("document") from error
        if checked.errors or chosen.operation is not OperationType.QUERY:
            raise NotPlanned("document")
        made = Operation(
            self.schema,
            checked.document,
            chosen,
            meaning_of,
            self.convert,
            self.recent,
            self.coercion,
        )
        found = checked.operations[name] = made, checked.asked[name_of(chosen)]
        return found

    def explain(self, query: str, variables: Mapping[str, Any], asker: Asker, dialect: str) -> str:
        """The plan of a query, with the statements that these variables need.

        Raises BadInput for what has none.
        """
        of = template(asker.viewer)
        try:
            asked, _ = self.known(query, None)
            read = asked.variables.read(variables)
            plan = asked.plan(read, of.viewer, dialect, written=True)
            return explained(plan, plan.bound(asker, of.values, read, Tally()))
        except WrongVariables as wrong:
            reason = str(wrong.errors[0])
            raise BadInput(
                f"The variables don't fit: {reason}", f"变量不符合要求：{reason}"
            ) from wrong
        except NotPlanned as reason:
            raise BadInput(
                f"The engine has no plan for this: {reason}.", f"引擎对此没有计划：{reason}。"
            ) from reason

    async def begin(
        self,
        checked: Checked,
        variables: Mapping[str, Any] | None,
        context: Context,
        name: str | None,
    ) -> tuple[Plan, Run]:
        """As `Operation.begin`. Raises NotPlanned for all that the default executor answers."""
        given = variables or {}
        if context.snapshots is None or context.way is Way.DEFAULT:
            raise NotPlanned("not wanted")
        asked, cost = self.operation(checked, name)
        if asked.operation.name:
            context.operation = asked.operation.name.value
        admit(cost, given, context)
        return await asked.begin_in_pieces(
            given,
            context.asker,
            template(context.asker.viewer),
            context.snapshots.dialect,
            context.tally,
            written=context.way is Way.PLAN,
        )
