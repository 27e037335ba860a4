"""A plan as people read it: its steps, and the statement of each."""

from collections.abc import Iterator

from engine.level import Level
from engine.link import Link
from engine.plan import Plan
from engine.reckoning import Reckons
from engine.run import Run
from engine.step import LookUp, NamedRecords, Step
from engine.tally import Counting


def explained(plan: Plan, run: Run) -> str:
    """One step after another, as they are run; what is indented is asked for the rows above it."""
    snapshot = "one statement: no transaction" if plan.asks_once(run) else "all in one snapshot"
    return "\n".join([snapshot, *told(plan.root, run, 0)])


def told(level: Level, run: Run, depth: int) -> Iterator[str]:
    for step in level.steps:
        indent = "  " * depth
        yield f"{indent}- {title(step)}"
        for line in text_of(step, run).splitlines():
            yield f"{indent}    {line.strip()}"
        if step.asks_below:
            for below in step.levels():
                yield from told(below, run, depth + 1)


def title(step: Step) -> str:
    """What it gives, of which link, and for how many."""
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


def text_of(step: Step, run: Run) -> str:
    match step:
        case NamedRecords():
            return "(a statement for each kind that is named)"
        case Counting():
            return "(a statement for all that the rows ask)"
        case Reckons():
            return "(several statements, each of which follows from those before it)"
        case LookUp():
            named = run.bound[step.place.number]
            if named is None:
                return "(nothing to look up)"
            return step.of[named[0]].statement(None).text
    return step.statement(step.shape(run)).text
