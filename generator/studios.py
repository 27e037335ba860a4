"""A studio in each province, what it brought about, and the alliance in which they meet."""

from dataclasses import dataclass

from generator.mentors import Mentor
from generator.places import ENTERPRISES, industry_of
from generator.rows import Row, cited, rows
from kit.quantity import Qualifier
from models.alliance import AllianceKind, LeftReason
from models.outcome import OutcomeKind
from models.row import Level
from models.studio import StudioKind, StudioRole

ALLIANCE = "demo_alliance_axle"
MEMBERS = 3  # of a studio, besides its leader


@dataclass(frozen=True)
class Studio:
    slug: str
    name: str
    kind: StudioKind
    level: Level
    field: str
    trade: str
    host: str
    founded: str

    @property
    def code(self) -> str:
        return f"demo_studio_{self.slug}"


STUDIOS = (
    Studio("axle", "示例车桥劳模创新工作室", StudioKind.MODEL_WORKER, Level.PROVINCIAL,
           "车桥总成精密加工", "milling", "demo_enterprise_01", "2016-04-28"),
    Studio("welding", "示例焊接工匠创新工作室", StudioKind.CRAFTSMAN, Level.CITY,
           "桥壳与压力容器焊接", "welding", "demo_enterprise_08", "2018-09"),
    Studio("robotics", "示例机器人技能大师工作室", StudioKind.SKILL_MASTER, Level.PROVINCIAL,
           "车桥产线自动化与机器人集成", "robotics", "demo_enterprise_13", "2020"),
)  # fmt: skip


def studios() -> list[Row]:
    regions = {one.code: one.region for one in ENTERPRISES}
    listed = (
        (
            one.code,
            one.name,
            one.kind,
            one.level,
            one.field,
            industry_of(one.trade),
            regions[one.host],
            one.host,
            one.founded,
        )
        for one in STUDIOS
    )
    return rows("code name studio_kind level field industry region host founded", *listed)


def leaders(mentors: list[Mentor]) -> dict[str, Mentor]:
    """By studio: the first who works for its host."""
    return {
        one.code: next(mentor for mentor in mentors if mentor.employer.code == one.host)
        for one in STUDIOS
    }


def studio_memberships(mentors: list[Mentor]) -> list[Row]:
    """The last member of each has left."""
    found: list[tuple[object, ...]] = []
    for one in STUDIOS:
        leader = leaders(mentors)[one.code]
        others = [who for who in mentors if who.trade == one.trade and who is not leader]
        key, first = f"demo_member_{one.slug}", int(one.founded[:4])
        found.append((f"{key}_0", one.code, leader.code, StudioRole.LEADER, one.founded, None))
        for number, who in enumerate(others[:MEMBERS], start=1):
            left = f"{first + 5}-12" if number == MEMBERS else None
            row = (one.code, who.code, StudioRole.MEMBER, f"{first + number}-03", left)
            found.append((f"{key}_{number}", *row))
    return cited(rows("key studio worker studio_role joined left", *found))


def alliances() -> list[Row]:
    return rows(
        "code name alliance_kind level region convenor founded"
        " member_count_value member_count_unit member_count_qualifier",
        (ALLIANCE, "示例跨省车桥工作室联盟", AllianceKind.STUDIO, Level.PROVINCIAL,
         "demo_province_north", "demo_union_a", "2022-08", 3, "member", Qualifier.EXACT),
    )  # fmt: skip


def alliance_memberships() -> list[Row]:
    """One member left and came back; one was struck off."""
    axle, welding, robotics = (one.code for one in STUDIOS)
    withdrawn, delisted = LeftReason.WITHDRAWN, LeftReason.DELISTED
    key = "demo_alliance_axle_member"
    return cited(
        rows(
            "key alliance studio academy role joined left left_reason",
            (f"{key}_1", ALLIANCE, axle, None, "牵头单位", "2022-08", None, None),
            (f"{key}_2", ALLIANCE, welding, None, "成员", "2022-08", "2024-03-31", withdrawn),
            (f"{key}_3", ALLIANCE, robotics, None, "成员", "2022-11-15", None, None),
            (f"{key}_4", ALLIANCE, None, "demo_academy_welding", "成员", "2023", "2024-11-30",
             delisted),
            (f"{key}_5", ALLIANCE, welding, None, "成员", "2025-02-10", None, None),
        )
    )  # fmt: skip


def outcomes() -> list[Row]:
    axle, welding, robotics = (one.code for one in STUDIOS)
    kind, how = OutcomeKind, Qualifier
    none, million = (None, None, None), 1_000_000
    return cited(
        rows(
            "key studio outcome_kind title quantity_value quantity_unit quantity_qualifier"
            " value_value value_unit value_qualifier period_as_published year",
            ("demo_outcome_axle_1", axle, kind.INVENTION_PATENT, "车桥总成加工发明专利",
             4, "patent", how.EXACT, *none, None, 2024),
            ("demo_outcome_axle_2", axle, kind.UTILITY_MODEL, "车桥夹具实用新型专利",
             12, "patent", how.OVER, *none, None, 2025),
            ("demo_outcome_axle_3", axle, kind.BENEFIT, "三年累计增加效益",
             *none, 8 * million, "yuan", how.OVER, "三年累计", 2025),
            ("demo_outcome_welding_1", welding, kind.FIVE_SMALLS, "焊接“五小”成果",
             9, "item", how.EXACT, 600_000, "yuan", how.ABOUT, None, 2024),
            ("demo_outcome_welding_2", welding, kind.BENEFIT, "当年节约成本",
             *none, 1_500_000, "yuan", how.AT_LEAST, "当年", 2025),
            ("demo_outcome_robotics_1", robotics, kind.INNOVATION, "机器人换手装置",
             1, "item", how.EXACT, 250_000, "yuan", how.EXACT, None, 2025),
            ("demo_outcome_robotics_2", robotics, kind.UTILITY_MODEL, "产线快换机构实用新型专利",
             5, "patent", how.EXACT, *none, None, 2026),
            ("demo_outcome_robotics_3", robotics, kind.BENEFIT, "三年累计增加效益",
             *none, 3 * million, "yuan", how.UNDER, "三年累计", 2026),
        )
    )  # fmt: skip
