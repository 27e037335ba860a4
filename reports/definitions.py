"""Definitions of the reports: each a query, and the layout of its response.

A query selects numbers and names of things, never of people: a stored report may be kept longer
than the records of a person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kit.i18n import Message
from kit.values.labelled_enum import LabelledEnum
from reports.arguments import REPORT_ARGUMENTS, ReportArgument
from reports.workbook import ReportSheet, SheetCell
from resolvers.core.group_key import english_label
from resolvers.rollup.request import RollupDimension, RollupMeasure


@dataclass(frozen=True)
class ReportDefinition:
    """A report. `field` is the query's root field; if it is null, the report doesn't exist."""

    name: str
    title: Callable[[Any, Mapping[str, Any]], Message]
    arguments: Sequence[ReportArgument]
    query: str
    field: str
    sheets: Callable[[Any], Sequence[ReportSheet]]
    sources: Callable[[Any], Sequence[Message]]


NUMBER_HEADING = Message("Number", "数量")
REMAINDER_LABEL = Message("others", "其余")
KEYS_SELECTION = "keys { dimension code label labelEn }"
GROUPS_SELECTION = f"{{ remainder nodes {{ count {KEYS_SELECTION} }} }}"


def group_sheet(title: Message, columns: Sequence[Message], groups: Any) -> ReportSheet:
    """Return a sheet with a row for each group: code and label of each key, then the count."""
    heads = [
        Message(f"{column.english}{english}", f"{column.chinese}{chinese}")
        for column in columns
        for english, chinese in ((" (code)", "（编码）"), ("", ""))
    ]
    rows: list[list[SheetCell]] = [
        [
            *(cell for key in group["keys"] for cell in (key["code"], group_label(key))),
            group["count"],
        ]
        for group in groups["nodes"]
    ]
    if groups["remainder"]:
        rows.append([*[None] * (len(heads) - 1), REMAINDER_LABEL, groups["remainder"]])
    return ReportSheet(title, [*heads, NUMBER_HEADING], rows)


def group_label(key: Any) -> Message:
    """Return a key's label in both languages; the Chinese one if there is no English one."""
    return Message(key["labelEn"] or key["label"], key["label"])


STEP_LABELS = {
    "enrolled": Message("Enrolled", "入学"),
    "completed": Message("Completed or graduated", "毕业、结业"),
    "competed": Message("Competed", "参赛"),
    "medalled": Message("Medalled", "获奖"),
    "certified": Message("Certified", "持证"),
    "employed": Message("Employed", "就业"),
}
STATUS, GRADE = Message("Status", "学籍状态"), Message("Grade", "等级")
PROVINCE, INDUSTRY = Message("Province", "省"), Message("Industry", "行业")


def cohort_sheets(data: Any) -> Sequence[ReportSheet]:
    first = data["firstJob"]
    figures: list[list[SheetCell]] = [
        [*name, data[step]["totalCount"]] for step, name in STEP_LABELS.items()
    ]
    figures += [
        ["Median months to the first job", "初次就业月数中位数", first["medianMonths"]],
        ["People measured for it", "可计算人数", first["measured"]],
        ["People with a job of unknown month", "月份不详人数", first["undated"]],
    ]
    named = Message("Step", "步骤（英文）"), Message("Step (Chinese)", "步骤")
    return [
        ReportSheet(Message("Steps", "步骤"), [*named, NUMBER_HEADING], figures),
        group_sheet(Message("Enrolments", "学籍"), [STATUS], data["enrolments"]["groups"]),
        group_sheet(Message("Certificates", "证书"), [GRADE], data["certificates"]["groups"]),
        group_sheet(
            Message("Jobs", "任职"), [PROVINCE, INDUSTRY], data["employments"]["groups"]
        ),
    ]  # fmt: skip


def rollup_sheets(data: Any) -> Sequence[ReportSheet]:
    """Return a row for each measure of each region, followed by the region's cells."""
    heads = [
        "Region code", "Region", "Depth", "Elsewhere", "Measure", "Dimensions", "Keys", "Labels",
        "Number", "Unit", "Unapportioned", "Exact",
    ]  # fmt: skip
    chinese = [
        "地区编码", "地区", "层级", "其他", "指标", "维度", "键", "标签",
        "数量", "单位", "未分摊数量", "是否精确",
    ]  # fmt: skip
    rows: list[list[SheetCell]] = []
    for row in data["rows"]:
        region = row["region"] or {"code": None, "name": None}
        region_cells = [region["code"], region["name"], row["depth"], row["elsewhere"]]
        rows += [rollup_line(region_cells, value, [None] * 3) for value in row["values"]]
        for cell in row["cells"]:
            keys = cell["keys"]
            texts: list[SheetCell] = [
                join_labels(enum_label(RollupDimension[key["dimension"]]) for key in keys),
                " / ".join(key["code"] or "" for key in keys),
                join_labels(group_label(key) for key in keys),
            ]
            rows += [rollup_line(region_cells, value, texts) for value in cell["values"]]
    columns = [Message(*pair) for pair in zip(heads, chinese, strict=True)]
    return [ReportSheet(Message("Roll-up", "汇总"), columns, rows)]


def rollup_line(
    region_cells: Sequence[SheetCell], value: Any, texts: Sequence[SheetCell]
) -> list[SheetCell]:
    number, unapportioned = value["quantity"] or {}, value["unapportioned"] or {}
    amounts = [exact_number(number), number.get("unit"), exact_number(unapportioned)]
    return [
        *region_cells,
        enum_label(RollupMeasure[value["measure"]]),
        *texts,
        *amounts,
        value["exact"],
    ]


def enum_label(member: LabelledEnum) -> Message:
    return Message(english_label(member), member.label)


def join_labels(sentences: Iterable[Message]) -> Message:
    return Message(*(" / ".join(parts) for parts in zip(*sentences, strict=True)))


def exact_number(quantity: Any) -> SheetCell:
    """Return the exact number, or the nearest one if it has no finite decimal form."""
    exact = quantity.get("exact")
    return quantity.get("value") if exact is None else Decimal(exact)


NUMBER_SELECTION = "value exact"
VALUES_SELECTION = (
    f"values {{ measure quantity {{ {NUMBER_SELECTION} unit }} "
    f"unapportioned {{ {NUMBER_SELECTION} }} exact }}"
)

REPORTS = {
    item.name: item
    for item in (
        ReportDefinition(
            "cohort",
            lambda data, variables: Message(
                f"Cohort of {variables['year']}: {(data['college'] or {}).get('name')}",
                f"{(data['college'] or {}).get('name')}{variables['year']}级去向",
            ),
            REPORT_ARGUMENTS["cohort"],
            f"""cohort(college: $college, year: $year) {{
              college {{ name }}
              {" ".join(f"{step} {{ totalCount }}" for step in STEP_LABELS)}
              firstJob {{ medianMonths measured undated }}
              enrolments {{ groups(by: [ENROLMENT_STATUS]) {GROUPS_SELECTION} }}
              certificates {{ groups(by: [GRADE]) {GROUPS_SELECTION} }}
              employments {{ groups(by: [PROVINCE, INDUSTRY]) {GROUPS_SELECTION} }}
              sources(first: 50) {{ totalCount nodes {{ title publisher }} }}
            }}""",
            "cohort",
            cohort_sheets,
            lambda data: (
                [
                    Message(*[f"{item['title']} ({item['publisher'] or '–'})"] * 2)
                    for item in data["sources"]["nodes"]
                ]
                + (
                    [Message("and further ones", "及其他来源")]
                    if data["sources"]["totalCount"] > len(data["sources"]["nodes"])
                    else []
                )
            ),
        ),
        ReportDefinition(
            "rollup",
            lambda data, variables: Message(
                f"Roll-up of {(data['rows'][0]['region'] or {}).get('name')}",
                f"{(data['rows'][0]['region'] or {}).get('name')}汇总",
            ),
            REPORT_ARGUMENTS["rollup"],
            f"""rollup(
              root: $root, measures: $measures, depth: $depth, by: $by, apportion: $apportion
            ) {{
              exact
              rows {{
                region {{ code name }} depth elsewhere {VALUES_SELECTION}
                cells {{ {KEYS_SELECTION} {VALUES_SELECTION} }}
              }}
            }}""",
            "rollup",
            rollup_sheets,
            lambda data: [
                Message("All that the viewer may list", "查询者可列出的全部有效记录")
                if data["exact"]
                else Message(
                    "All records in the registry, rounded to multiples of five",
                    "登记库全部有效记录，取整为 5 的倍数",
                )
            ],
        ),
    )
}
