"""Which reports there are: each a question to the schema, and how its answer is laid out.

A question asks for numbers and for names of things, never for people: what is stored here may be
kept longer than the records of a person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from kit.language import Sentence
from kit.words import Labelled
from reports.sheets import Cell, Sheet
from resolvers.group_key import english
from resolvers.rollup import RollupDimension, RollupMeasure


@dataclass(frozen=True)
class Argument:
    """`type` as GraphQL writes it; `name` is the variable's, the address's and the command's."""

    name: str
    type: str
    means: Sentence
    least: str | None = None  # a text, as it would be given: what stands where nothing is

    @property
    def required(self) -> bool:
        return self.least is None

    @property
    def listed(self) -> bool:
        return self.type.startswith("[")


@dataclass(frozen=True)
class Declared:
    """`field` is the root field of the query; where it is null there is no report."""

    name: str
    title: Callable[[Any, Mapping[str, Any]], Sentence]
    arguments: Sequence[Argument]
    query: str
    field: str
    sheets: Callable[[Any], Sequence[Sheet]]
    sources: Callable[[Any], Sequence[Sentence]]


NUMBER = Sentence("Number", "数量")
REMAINDER = Sentence("others", "其余")
KEYS = "keys { dimension code label labelEn }"
GROUPED = f"{{ remainder nodes {{ count {KEYS} }} }}"


def parts(title: Sentence, columns: Sequence[Sentence], groups: Any) -> Sheet:
    """A line for each group: a code and a label for each key, then how many."""
    heads = [
        Sentence(f"{column.english}{english}", f"{column.chinese}{chinese}")
        for column in columns
        for english, chinese in ((" (code)", "（编码）"), ("", ""))
    ]
    rows: list[list[Cell]] = [
        [*(cell for key in one["keys"] for cell in (key["code"], label(key))), one["count"]]
        for one in groups["nodes"]
    ]
    if groups["remainder"]:
        rows.append([*[None] * (len(heads) - 1), REMAINDER, groups["remainder"]])
    return Sheet(title, [*heads, NUMBER], rows)


def label(key: Any) -> Sentence:
    """What has no English name is called by its own."""
    return Sentence(key["labelEn"] or key["label"], key["label"])


STEPS = {
    "enrolled": Sentence("Enrolled", "入学"),
    "completed": Sentence("Completed or graduated", "毕业、结业"),
    "competed": Sentence("Competed", "参赛"),
    "medalled": Sentence("Medalled", "获奖"),
    "certified": Sentence("Certified", "持证"),
    "employed": Sentence("Employed", "就业"),
}
STATUS, GRADE = Sentence("Status", "学籍状态"), Sentence("Grade", "等级")
PROVINCE, INDUSTRY = Sentence("Province", "省"), Sentence("Industry", "行业")


def of_cohort(found: Any) -> Sequence[Sheet]:
    first = found["firstJob"]
    figures: list[list[Cell]] = [[*name, found[step]["totalCount"]] for step, name in STEPS.items()]
    figures += [
        ["Median months to the first job", "初次就业月数中位数", first["medianMonths"]],
        ["People measured for it", "可计算人数", first["measured"]],
        ["People with a job of unknown month", "月份不详人数", first["undated"]],
    ]
    named = Sentence("Step", "步骤（英文）"), Sentence("Step (Chinese)", "步骤")
    return [
        Sheet(Sentence("Steps", "步骤"), [*named, NUMBER], figures),
        parts(Sentence("Enrolments", "学籍"), [STATUS], found["enrolments"]["groups"]),
        parts(Sentence("Certificates", "证书"), [GRADE], found["certificates"]["groups"]),
        parts(
            Sentence("Jobs", "任职"), [PROVINCE, INDUSTRY], found["employments"]["groups"]
        ),
    ]  # fmt: skip


def of_rollup(found: Any) -> Sequence[Sheet]:
    """A line for each measure of each row, then one for each of the row's cells."""
    heads = [
        "Region code", "Region", "Depth", "Elsewhere", "Measure", "Dimensions", "Keys", "Labels",
        "Number", "Unit", "Unapportioned", "Exact",
    ]  # fmt: skip
    chinese = [
        "地区编码", "地区", "层级", "其他", "指标", "维度", "键", "标签",
        "数量", "单位", "未分摊数量", "是否精确",
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for row in found["rows"]:
        region = row["region"] or {"code": None, "name": None}
        place = [region["code"], region["name"], row["depth"], row["elsewhere"]]
        rows += [line(place, one, [None] * 3) for one in row["values"]]
        for cell in row["cells"]:
            keys = cell["keys"]
            texts: list[Cell] = [
                joined(word(RollupDimension[key["dimension"]]) for key in keys),
                " / ".join(key["code"] or "" for key in keys),
                joined(label(key) for key in keys),
            ]
            rows += [line(place, one, texts) for one in cell["values"]]
    columns = [Sentence(*pair) for pair in zip(heads, chinese, strict=True)]
    return [Sheet(Sentence("Roll-up", "汇总"), columns, rows)]


def line(place: Sequence[Cell], value: Any, texts: Sequence[Cell]) -> list[Cell]:
    number, whole = value["quantity"] or {}, value["unapportioned"] or {}
    amounts = [plain(number), number.get("unit"), plain(whole)]
    return [*place, word(RollupMeasure[value["measure"]]), *texts, *amounts, value["exact"]]


def word(one: Labelled) -> Sentence:
    return Sentence(english(one), one.label)


def joined(sentences: Iterable[Sentence]) -> Sentence:
    return Sentence(*(" / ".join(parts) for parts in zip(*sentences, strict=True)))


def plain(quantity: Any) -> Cell:
    """To the last digit; of a third the nearest number."""
    exact = quantity.get("exact")
    return quantity.get("value") if exact is None else Decimal(exact)


NUMBERS = "value exact"
VALUES = f"values {{ measure quantity {{ {NUMBERS} unit }} unapportioned {{ {NUMBERS} }} exact }}"

COLLEGE = Argument("college", "String!", Sentence("the college's code", "院校编码"))
YEAR = Argument("year", "Int!", Sentence("the year of entry", "年级"))

REPORTS = {
    one.name: one
    for one in (
        Declared(
            "cohort",
            lambda found, asked: Sentence(
                f"Cohort of {asked['year']}: {(found['college'] or {}).get('name')}",
                f"{(found['college'] or {}).get('name')}{asked['year']}级去向",
            ),
            [COLLEGE, YEAR],
            f"""cohort(college: $college, year: $year) {{
              college {{ name }}
              {" ".join(f"{step} {{ totalCount }}" for step in STEPS)}
              firstJob {{ medianMonths measured undated }}
              enrolments {{ groups(by: [ENROLMENT_STATUS]) {GROUPED} }}
              certificates {{ groups(by: [GRADE]) {GROUPED} }}
              employments {{ groups(by: [PROVINCE, INDUSTRY]) {GROUPED} }}
              sources(first: 50) {{ totalCount nodes {{ title publisher }} }}
            }}""",
            "cohort",
            of_cohort,
            lambda found: (
                [
                    Sentence(*[f"{one['title']} ({one['publisher'] or '–'})"] * 2)
                    for one in found["sources"]["nodes"]
                ]
                + (
                    [Sentence("and further ones", "及其他来源")]
                    if found["sources"]["totalCount"] > len(found["sources"]["nodes"])
                    else []
                )
            ),
        ),
        Declared(
            "rollup",
            lambda found, asked: Sentence(
                f"Roll-up of {(found['rows'][0]['region'] or {}).get('name')}",
                f"{(found['rows'][0]['region'] or {}).get('name')}汇总",
            ),
            [
                Argument("root", "String!", Sentence("the region's code", "地区编码")),
                Argument("measures", "[RollupMeasure!]!", Sentence("what is counted", "汇总指标")),
                Argument("depth", "Int!", Sentence("levels below it", "下钻层数"), "1"),
                Argument("by", "[RollupDimension!]!", Sentence("dimensions", "汇总维度"), ""),
                Argument("apportion", "Apportion!", Sentence("shares", "分摊方式"), "EQUAL"),
            ],
            f"""rollup(
              root: $root, measures: $measures, depth: $depth, by: $by, apportion: $apportion
            ) {{
              exact
              rows {{
                region {{ code name }} depth elsewhere {VALUES}
                cells {{ {KEYS} {VALUES} }}
              }}
            }}""",
            "rollup",
            of_rollup,
            lambda found: [
                Sentence("All that the viewer may list", "查询者可列出的全部有效记录")
                if found["exact"]
                else Sentence(
                    "All that stands in the registry, rounded to multiples of five",
                    "登记库全部有效记录，取整为 5 的倍数",
                )
            ],
        ),
    )
}
