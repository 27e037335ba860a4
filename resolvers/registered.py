"""Published figures against what the registry counts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.kind import Kind
from engine.meaning import Counted
from engine.reader import Reader
from kit.quantity import Qualifier
from kit.thousandths import difference
from kit.words import Labelled
from models import Region
from models.figure import FigurePeriod
from resolvers.context import Info, place
from resolvers.counting import Count, counts, drafted, numbers, shape
from resolvers.declare import REGISTRY
from resolvers.figure import subject
from resolvers.measure import Asking, Question, Years, measures
from resolvers.metric import name_en_of, name_of

# How many years a figure is about that names the last of them; those since one name the first.
BY_YEARS = {
    FigurePeriod.PER_YEAR: 1,
    FigurePeriod.ONE_YEAR: 1,
    FigurePeriod.THREE_YEARS: 3,
    FigurePeriod.SINCE: 0,
}


class Coverage(Labelled):
    COMPLETE = "COMPLETE", "完整"
    PARTIAL = "PARTIAL", "部分"


class PartialReason(Labelled):
    """Why a number can't be compared with what was published; the first that holds."""

    COUNTED_AS_VISIBLE = "COUNTED_AS_VISIBLE", "仅统计查询者可见的记录"
    NOT_DECLARED_COMPLETE = "NOT_DECLARED_COMPLETE", "未声明登记完整"


COUNTED_AS_VISIBLE, NOT_DECLARED_COMPLETE = PartialReason


@dataclass(frozen=True, slots=True)
class Registered:
    """The gap is published minus counted; null unless the records are declared complete, and the
    viewer may list all of them."""

    label: str
    label_en: str | None
    value: Decimal
    coverage: Coverage
    gap: Decimal | None
    reason: PartialReason | None


def asked_by(figure: Any) -> Question | None:
    """Null where the metric isn't mapped, or where its kind of source or its years aren't known."""
    measure = measures().get(figure.metric)
    if measure is None:
        return None
    about = subject_of(figure)
    kind, source = about or (REGISTRY[Region], figure.region_id)
    if source is None or kind not in measure.links:
        return None
    years = years_of(figure)
    if figure.period in BY_YEARS and (years is None or not measure.year):
        return None
    alone = about is not None and measure.quantity is not None
    return Question(figure.metric, kind, source, years, figure.id if alone else None)


def years_of(figure: Any) -> Years | None:
    """Those that the figure is about; null for all, and where they aren't known."""
    if figure.period == FigurePeriod.SINCE:
        return figure.since_year and (figure.since_year, figure.year)
    if figure.period not in BY_YEARS or figure.year is None:
        return None
    return figure.year - BY_YEARS[figure.period] + 1, figure.year


def subject_of(figure: Any) -> tuple[Kind, str] | None:
    held = ((kind, getattr(figure, column)) for kind, column in subject.targets.items())
    return next((one for one in held if one[1] is not None), None)


async def registered(figure: Any, info: Info) -> Registered | None:
    """Null where it can't be counted, or where nothing is on record and nothing declared."""
    reader = info.context.reader
    asked = asking(figure)
    if asked is None:
        return None
    loader = reader.loader(place(info.path), registered, load_numbers, reader)
    return beside(figure, await loader.load(asked))


def asking(figure: Any) -> Asking | None:
    question = asked_by(figure)
    return None if question is None else (question, figure.region_id)


def beside(figure: Any, counted: Count) -> Registered | None:
    """What was counted, next to what was published."""
    number = counted.number
    if number is None or (not number and not counted.declared):
        return None
    label, label_en = name_of(figure.metric), name_en_of(figure.metric)
    if not counted.complete:
        reason = NOT_DECLARED_COMPLETE if counted.listed else COUNTED_AS_VISIBLE
        return Registered(label, label_en, number, Coverage.PARTIAL, None, reason)
    # What was published as a bound differs from a count by nobody knows how much.
    exact = figure.quantity_qualifier == Qualifier.EXACT
    gap = difference(figure.quantity_value, number) if exact else None
    return Registered(label, label_en, number, Coverage.COMPLETE, gap, None)


def load_numbers(reader: Reader) -> Any:
    async def load(asked: list[Asking]) -> list[Count]:
        return counts(asked, await reader.all(numbers(reader.write, asked)))

    return load


COUNTED = Counted(asking, drafted, counts, beside, shape)
