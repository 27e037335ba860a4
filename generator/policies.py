"""The documents that rules are made in."""

from generator.organisations import COUNCIL, government
from generator.places import COUNTRY, NATION, NORTH, SOUTH, UNION_A, ZONE
from generator.rows import Row, rows
from models.policy import PolicyKind as Kind

ALLIANCES = "demo_policy_alliances"
CONTESTS = "demo_policy_contests"
CRAFTSMEN = "demo_policy_craftsmen"
SKILLS = "demo_policy_skills"


def policies() -> list[Row]:
    listed = (
        (ALLIANCES, "示例北省工作室联盟建设实施意见", Kind.OPINION, "示北工发〔2022〕7号", UNION_A,
         NORTH, "2022-07", "联盟的组建、经费、考核与摘牌"),
        (CONTESTS, "示例国劳动和技能竞赛奖励办法", Kind.MEASURES, "示工发〔2023〕3号", NATION,
         COUNTRY, "2023-03-15", "竞赛分级、名次奖励与支付"),
        (CRAFTSMEN, "示例工匠梯次选树方案", Kind.SCHEME, "示工发〔2020〕11号", NATION, COUNTRY,
         "2020-11", "四级梯次、评选程序与标准"),
        (SKILLS, "示例东湾新区技能人才政策包", Kind.PACKAGE, None, government("east"), ZONE, "2024",
         "培训补贴、贷款贴息与住房保障"),
        ("demo_policy_plan", "示例南省产业工人队伍建设规划", Kind.PLAN, "示南府发〔2021〕2号",
         government("south"), SOUTH, "2021-02", "五年目标与重点工程"),
        ("demo_policy_promotion_2022", "示例国竞赛晋级办法（2022年）", Kind.MEASURES,
         "示人社发〔2022〕9号", NATION, COUNTRY, "2022-09", "示例规则：按名次晋升技能等级"),
        ("demo_policy_promotion_2026", "示例国竞赛晋级办法（2026年）", Kind.MEASURES,
         "示人社发〔2026〕4号", NATION, COUNTRY, "2026-05-20", "示例规则：每年一次，晋升一级"),
        ("demo_policy_trades", "示例北省急需紧缺职业目录", Kind.CATALOGUE, None,
         government("north"),
         NORTH, "2025-01", "列入目录的职业工种"),
        ("demo_policy_contract", "示例北方车桥技术创新专项集体合同", Kind.CONTRACT, None,
         "demo_enterprise_01", "demo_district_north_a1", "2024-04-28", "创新成果奖励与工时保障"),
        ("demo_policy_minutes", "示例北省产改联席会议纪要", Kind.OTHER, "第5号", COUNCIL, NORTH,
         "2025-06-12", "成员单位分工"),
    )  # fmt: skip
    return rows("code name policy_kind document_number issuer region issued_on content", *listed)
