"""The arguments of each report. They import nothing of the registry: `--help` lists them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kit.i18n import Message


@dataclass(frozen=True)
class ReportArgument:
    """An argument of a report, in the URL and on the command line, and the query's variable.

    `type` is in GraphQL syntax.
    """

    name: str
    type: str
    description: Message
    least: str | None = None  # the default, as text; None if the argument is required

    @property
    def required(self) -> bool:
        return self.least is None

    @property
    def listed(self) -> bool:
        return self.type.startswith("[")


REPORT_ARGUMENTS: Mapping[str, Sequence[ReportArgument]] = {
    "cohort": [
        ReportArgument("college", "String!", Message("the college's code", "院校编码")),
        ReportArgument("year", "Int!", Message("the year of entry", "年级")),
    ],
    "rollup": [
        ReportArgument("root", "String!", Message("the region's code", "地区编码")),
        ReportArgument("measures", "[RollupMeasure!]!", Message("what is counted", "汇总指标")),
        ReportArgument("depth", "Int!", Message("levels below it", "下钻层数"), "1"),
        ReportArgument("by", "[RollupDimension!]!", Message("dimensions", "汇总维度"), ""),
        ReportArgument("apportion", "Apportion!", Message("shares", "分摊方式"), "EQUAL"),
    ],
}
