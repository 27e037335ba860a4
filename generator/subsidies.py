"""Money that is paid by rule, and what was paid to whom."""

from collections.abc import Iterator

from generator.honours import PROVINCE
from generator.organisations import government
from generator.places import COUNTRY, EAST, NATION, NORTH, SOUTH, UNION_A, UNION_B, UNION_C, ZONE
from generator.placings import Placing
from generator.policies import ALLIANCES, CRAFTSMEN, SKILLS
from generator.prizes import PRIZES, TITLES, rule_of
from generator.rows import Row, cited, rows
from generator.selections import Standing
from generator.sources import OF_THE_PAPER, source_of
from kit.values.quantity import Qualifier
from models.subsidy import SubsidyKind as Kind

EXACT, OVER, _, ABOUT, AT_LEAST, AT_MOST = Qualifier

# Key, kind, label, yuan, per, for whom, payer, region, policy, clause, started, ended.
SUBSIDIES = (
    ("alliance", Kind.SUBSIDY, "省级工作室联盟一次性经费补助", (50_000, EXACT), "每个联盟，一次性",
     "省级工作室联盟", UNION_A, NORTH, ALLIANCES, "第十条", "2022-07", None),
    ("fund", Kind.FUND, "职工创新专项资金", (10_000_000, OVER), "每年", "工作室、创新企业", UNION_B,
     EAST, None, None, "2021", None),
    ("allowance", Kind.ALLOWANCE, "工匠技能津贴", (12_000, EXACT), "每人每年", "省工匠、大国工匠",
     NATION, COUNTRY, CRAFTSMEN, "第十五条", "2021-01", None),
    ("budget", Kind.BUDGET, "联盟活动经费纳入年度预算", None, "每年", "工作室联盟", UNION_C, SOUTH,
     None, None, "2023", None),
    ("tax", Kind.TAX, "职业培训经费税前扣除", None, None, "企业", None, ZONE, SKILLS, "第四条",
     "2024", None),
    ("loan", Kind.FINANCE, "工匠创业贷款贴息", (200_000, AT_MOST), "每户", "创业的工匠",
     government("east"), ZONE, SKILLS, "第六条", "2024", None),
    ("award", Kind.AWARD, "隐患排查优秀案例奖励", (2_000, ABOUT), "每个案例", "职工", UNION_A,
     NORTH, None, None, "2025-03", None),
    ("insurance", Kind.INSURANCE, "一线职工专属意外保险", None, "每人", "一线职工", NATION, COUNTRY,
     None, None, "2022", None),
    ("studio", Kind.SUBSIDY, "新命名工作室启动经费", (30_000, EXACT), "每个工作室，一次性",
     "省级工作室", UNION_B, EAST, None, None, "2015", None),
    ("training", Kind.SUBSIDY, "企业新型学徒培训补贴", (6_000, AT_LEAST), "每人每年",
     "开展培训的企业", government("north"), NORTH, None, None, "2018", "2023-12-31"),
)  # fmt: skip

# Rule, what the recipient is, its code, yuan, year, purpose, the region that vouches.
PAID = (
    ("alliance", "alliance", "demo_alliance_axle", 50_000, 2022, "联盟组建经费", NORTH),
    ("alliance", "alliance", "demo_alliance_academies", 50_000, 2024, "联盟组建经费", EAST),
    ("budget", "alliance", "demo_alliance_cross", 80_000, 2025, "联盟活动经费", SOUTH),
    ("fund", "studio", "demo_studio_housing", 120_000, 2024, "创新项目资助", EAST),
    ("fund", "studio", "demo_studio_grid", 60_000, 2025, "创新项目资助", EAST),
    ("fund", "organisation", "demo_enterprise_04", 300_000, 2025, "创新企业资助", EAST),
    ("studio", "studio", "demo_studio_mould", 30_000, 2016, "启动经费", EAST),
    ("training", "organisation", "demo_enterprise_16", 96_000, 2022, "学徒培训补贴", NORTH),
    ("training", "organisation", "demo_enterprise_01", 132_000, 2023, "学徒培训补贴", NORTH),
    ("award", "organisation", "demo_team_casting", 2_000, 2025, "隐患排查奖励", NORTH),
)
COLUMNS = ("worker", "organisation", "studio", "alliance")


def subsidy_rules() -> list[Row]:
    listed = (
        (f"demo_subsidy_{key}", kind, label, *amount(yuan), *rest, source_of(str(rest[3])))
        for key, kind, label, yuan, *rest in SUBSIDIES
    )
    return cited(
        rows(
            "key subsidy_kind label amount_value amount_unit amount_qualifier per beneficiaries"
            " payer region policy clause started ended sources",
            *listed,
        )
    )


def amount(yuan: tuple[int, Qualifier] | None) -> tuple[object, ...]:
    return (None, None, None) if yuan is None else (yuan[0], "yuan", yuan[1])


def grants(placings: list[Placing], standings: list[Standing]) -> list[Row]:
    paid = [*for_places(placings), *for_titles(standings), *allowances(standings), *by_rule()]
    listed = (
        (
            f"demo_grant_{number:03d}",
            *(code if column == name else None for name in COLUMNS),
            yuan,
            "yuan",
            how,
            *rest,
        )
        for number, (column, code, yuan, how, *rest) in enumerate(paid, start=1)
    )
    return cited(
        rows(
            f"key {' '.join(COLUMNS)} amount_value amount_unit amount_qualifier year purpose payer"
            " prize_rule subsidy_rule based_on sources",
            *listed,
        )
    )


Paid = tuple[object, ...]  # column, code, yuan, qualifier, then the columns from the year on


def for_places(placings: list[Placing]) -> Iterator[Paid]:
    for one in placings:
        rule = next((rule for rule in PRIZES if rule.fits(one)), None)
        if rule is not None:
            source = source_of(one.contest.series.region)
            paid = (one.contest.year, "竞赛奖金", rule.payer, rule.key, None, one.key, source)
            yield one.column, one.recipient, rule.yuan, EXACT, *paid


def for_titles(standings: list[Standing]) -> Iterator[Paid]:
    for one in standings:
        honour = one.round.honour
        if one.conferral and honour in TITLES:
            source = source_of(one.region)
            paid = (one.round.year, "称号奖金", NATION, rule_of(honour), None, None, source)
            yield "worker", one.nominee, TITLES[honour], EXACT, *paid


def allowances(standings: list[Standing]) -> Iterator[Paid]:
    """Return totals published by the paper, which rounds them, in the year after the title."""
    for one in standings:
        if one.conferral and one.round.honour == PROVINCE:
            rule, year = "demo_subsidy_allowance", one.round.year + 1
            paid = (year, "工匠津贴", NATION, None, rule, None, OF_THE_PAPER)
            yield "worker", one.nominee, 12_000, ABOUT, *paid


def by_rule() -> Iterator[Paid]:
    payers = {key: rest[2] for key, _, _, _, *rest in SUBSIDIES}
    for key, column, code, yuan, year, purpose, region in PAID:
        rule = f"demo_subsidy_{key}"
        paid = (year, purpose, payers[key], None, rule, None, source_of(region))
        yield column, code, yuan, EXACT, *paid
