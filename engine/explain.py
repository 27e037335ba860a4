"""Prints a plan: its steps and their statements (SQL EXPLAIN)."""

from collections.abc import Iterator

from engine.catalog.kind import Link
from engine.operation import OperationPlan
from engine.plan.execution import PlanExecution
from engine.plan.layer_plan import LayerPlan, Step
from engine.plan.steps.aggregate import BatchedStep
from engine.plan.steps.lookup import LookupStep, NodesStep
from engine.plan.steps.multistep import MultistepStep


def explain_plan(plan: OperationPlan, run: PlanExecution) -> str:
    """List the steps in the order of execution, each indented below the rows that it is for."""
    snapshot = (
        "one statement: no transaction" if plan.is_single_statement(run) else "all in one snapshot"
    )
    return "\n".join([snapshot, *explain_layer(plan.root, run, 0)])


def explain_layer(level: LayerPlan, run: PlanExecution, depth: int) -> Iterator[str]:
    for step in level.steps:
        indent = "  " * depth
        yield f"{indent}- {step_title(step)}"
        for line in step_sql(step, run).splitlines():
            yield f"{indent}    {line.strip()}"
        if step.runs_child_steps:
            for below in step.levels():
                yield from explain_layer(below, run, depth + 1)


def step_title(step: Step) -> str:
    """Return what the step fetches, by which link, and for how many rows."""
    link: Link | None = getattr(step, "link", None)
    about = [step.word]
    if link is not None:
        about.append(link.name if step.key is None else f"{link.source.name}.{link.name}")
    kinds = dict.fromkeys(level.kind.name for level in step.levels() if level.kind)
    if link is None and kinds:
        about.append(" or ".join(kinds))
    if step.key is not None and not step.bound.single:
        about.append("for all rows above at once")
    return ", ".join(about)


def step_sql(step: Step, run: PlanExecution) -> str:
    match step:
        case NodesStep():
            return "(a statement for each kind that is named)"
        case BatchedStep():
            return "(a statement for all that the rows ask)"
        case MultistepStep():
            return "(several statements, each of which follows from those before it)"
        case LookupStep():
            named = run.bound[step.place.number]
            if named is None:
                return "(nothing to look up)"
            return step.of[named[0]].statement(None).text
    return step.statement(step.shape(run)).text
