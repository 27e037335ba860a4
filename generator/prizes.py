"""What places and titles are paid."""

from dataclasses import dataclass

from generator.contests import STUDENTS, WORKERS
from generator.honours import GREAT, PROVINCE
from generator.places import COUNTRY, NATION, UNION_A, UNION_B, UNION_C
from generator.placings import Placing
from generator.policies import CONTESTS, CRAFTSMEN
from generator.rows import Row, cited, rows
from generator.sources import OF_THE_STEWARD
from kit.values.quantity import Qualifier

EXACT, AT_MOST = Qualifier.EXACT, Qualifier.AT_MOST


@dataclass(frozen=True)
class Prize:
    """For a place in a series, from one rank to another; `track` is the division."""

    series: str
    track: str | None
    first: int
    last: int
    yuan: int
    payer: str
    condition: str | None = None

    @property
    def key(self) -> str:
        division = "student_" if self.track == STUDENTS else ""
        return f"demo_prize_{self.series}_{division}{self.first}"

    def fits(self, one: Placing) -> bool:
        here = one.contest.of == self.series and self.track in {None, one.division}
        return here and self.first <= one.rank <= self.last and one.column != "recipient_region"


PRIZES = (
    Prize("nation", WORKERS, 1, 1, 50_000, NATION, "在示例国内就业"),
    Prize("nation", WORKERS, 2, 3, 20_000, NATION, "在示例国内就业"),
    Prize("milling", WORKERS, 1, 1, 10_000, UNION_B),
    Prize("milling", WORKERS, 2, 3, 5_000, UNION_B),
    Prize("milling", STUDENTS, 1, 3, 2_000, UNION_B),
    Prize("robotics", WORKERS, 1, 3, 8_000, UNION_C),
    Prize("robotics", STUDENTS, 2, 3, 2_000, UNION_C),
    Prize("casting", WORKERS, 1, 3, 6_000, UNION_A),
    Prize("innovation", None, 1, 1, 100_000, NATION),
    Prize("innovation", None, 2, 6, 30_000, NATION),
    Prize("labour", None, 1, 3, 80_000, UNION_A, "用于职工创新与班组建设"),
    Prize("startup", None, 1, 4, 50_000, UNION_C, "在省内登记经营"),
)
TITLES = {PROVINCE: 30_000, GREAT: 100_000}  # once, to whoever is awarded them


def rule_of(honour: str) -> str:
    return f"demo_prize_{honour.removeprefix('demo_honour_')}"


def prize_rules() -> list[Row]:
    """Return prizes; only that of the world contest has no exact amount."""
    of_series = (
        (one.key, f"demo_series_{one.series}", None, COUNTRY, one.track, one.first, one.last,
         one.yuan, "yuan", EXACT, one.condition, one.payer, CONTESTS, "第八条")
        for one in PRIZES
    )  # fmt: skip
    of_titles = (
        (rule_of(honour), None, honour, COUNTRY, None, None,
         None, yuan, "yuan", EXACT, "一次性", NATION, CRAFTSMEN, "第十二条")
        for honour, yuan in TITLES.items()
    )  # fmt: skip
    world = ("demo_prize_world", "demo_series_world", None, COUNTRY, WORKERS, 1, 3, 300_000, "yuan",
             AT_MOST, "在示例国内就业", NATION, CONTESTS, "第九条")  # fmt: skip
    header = (
        "key series honour region track rank_from rank_to amount_value amount_unit amount_qualifier"
        " condition payer policy clause"
    )
    return cited(rows(header, *of_series, *of_titles, world), OF_THE_STEWARD)
