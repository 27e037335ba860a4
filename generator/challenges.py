"""揭榜挂帅: what enterprises asked others to solve, and who offered to."""

from generator.places import ENTERPRISES, industry_of
from generator.rows import Row, cited, rows
from generator.sources import source_of
from kit.values.quantity import Qualifier
from models.challenge import BidStatus, ChallengeStatus
from models.row import Audience

OPEN, CLAIMED, SOLVED, TAKEN_BACK = ChallengeStatus
SUBMITTED, WON, LOST, WITHDRAWN = BidStatus
EXACT, AT_MOST, ABOUT = Qualifier.EXACT, Qualifier.AT_MOST, Qualifier.ABOUT

# Slug, name, status, field, number of the enterprise that posts it, posted, deadline, reward, what
# came of it.
LISTED = (
    ("bridge", "车桥桥壳焊接变形超差攻关", SOLVED, "焊接变形控制", 3, "2023-03-01", "2023-12-31",
     (300_000, EXACT), "shared_1"),
    ("shrinkage", "大型铸件内部缩孔在线预警", SOLVED, "铸造缺陷控制", 16, "2023-05", "2024-05",
     (200_000, EXACT), "shared_2"),
    ("noise", "变压器异响早期诊断", SOLVED, "设备状态诊断", 21, "2024-02-20", "2025-02-20",
     (500_000, AT_MOST), "transformer_1"),
    ("leak", "减速机箱体渗油治理", SOLVED, "密封结构", 24, "2023-09", None, None, "shared_3"),
    ("yarn", "高支纱细纱断头率下降", CLAIMED, "细纱工艺", 28, "2025-04-01", "2026-03-31",
     (80_000, EXACT), None),
    ("fume", "车体焊接烟尘治理", CLAIMED, "焊接环境", 10, "2025-06", None, (150_000, ABOUT), None),
    ("dust", "机器人打磨粉尘防爆", CLAIMED, "安全生产", 14, "2025-09-10", "2026-09-10",
     (120_000, EXACT), None),
    ("heat", "反应釜温控波动抑制", CLAIMED, "过程控制", 25, "2026-01", "2026-10",
     (260_000, AT_MOST), None),
    ("winter", "寒地苗木越冬成活率提升", OPEN, "苗木培育", 30, "2026-08-20", None,
     (60_000, EXACT), None),
    ("alarm", "配电终端误报识别", OPEN, "配电自动化", 20, "2026-09-01", "2026-10-31",
     (100_000, EXACT), None),
    ("axle_noise", "车桥总成下线噪声在线判定", OPEN, "车桥检测", 1, "2026-09-15", "2026-10-31",
     (400_000, AT_MOST), None),
    ("sand", "砂型打印材料替代", OPEN, "增材制造", 16, "2026-10-08", None, None, None),
    ("loom", "旧织机数据采集改造", TAKEN_BACK, "设备改造", 29, "2024-11", "2025-11",
     (50_000, EXACT), None),
    ("rinse", "日化清洗水回用", TAKEN_BACK, "节水工艺", 27, "2025-02", None, None, None),
)  # fmt: skip
AMONG_PARTNERS = "sand"  # shown to them, but not published

# Challenge, who bid, how it fared, when. Several may win one together.
BIDS = (
    ("bridge", "studio", "demo_studio_axle", WON, "2023-03-20"),
    ("bridge", "studio", "demo_studio_welding", WON, "2023-03-20"),
    ("bridge", "studio", "demo_studio_robotics", WON, "2023-03-25"),
    ("bridge", "studio", "demo_studio_steel", LOST, "2023-03-28"),
    ("shrinkage", "studio", "demo_studio_casting", WON, "2023-06"),
    ("shrinkage", "studio", "demo_studio_housing", WON, "2023-06"),
    ("shrinkage", "studio", "demo_studio_forging", LOST, "2023-06"),
    ("shrinkage", "worker", "demo_craftsman_082", LOST, "2023-06-30"),
    ("noise", "studio", "demo_studio_transformer", WON, "2024-03-15"),
    ("noise", "studio", "demo_studio_cable", LOST, "2024-03-18"),
    ("noise", "organisation", "demo_university_south", WITHDRAWN, "2024-03-01"),
    ("leak", "studio", "demo_studio_reducer", WON, "2023-10"),
    ("leak", "studio", "demo_studio_axle", WON, "2023-10"),
    ("leak", "organisation", "demo_enterprise_22", LOST, None),
    ("yarn", "studio", "demo_studio_spinning", WON, "2025-05"),
    ("yarn", "studio", "demo_studio_loom", LOST, "2025-05"),
    ("fume", "studio", "demo_studio_rail", WON, "2025-07"),
    ("fume", "organisation", "demo_enterprise_09", WON, "2025-07"),
    ("fume", "studio", "demo_studio_pipeline", LOST, "2025-07"),
    ("fume", "studio", "demo_studio_seam", WITHDRAWN, "2025-06-30"),
    ("dust", "worker", "demo_craftsman_061", WON, "2025-09-30"),
    ("dust", "studio", "demo_studio_line", LOST, "2025-10"),
    ("heat", "studio", "demo_studio_reactor", WON, "2026-02"),
    ("winter", "studio", "demo_studio_seedling", SUBMITTED, "2026-09"),
    ("winter", "studio", "demo_studio_garden", SUBMITTED, "2026-09-12"),
    ("alarm", "studio", "demo_studio_grid", SUBMITTED, "2026-09-20"),
    ("alarm", "studio", "demo_studio_relay", WITHDRAWN, "2026-09-05"),
    ("axle_noise", "studio", "demo_studio_axle", SUBMITTED, "2026-10-09"),
    ("axle_noise", "studio", "demo_studio_vision", SUBMITTED, "2026-10-09"),
    ("loom", "studio", "demo_studio_loom", WITHDRAWN, "2024-12"),
)
COLUMNS = ("worker", "organisation", "studio")


def poster(number: int) -> tuple[str, str, str, str, str]:
    one = ENTERPRISES[number - 1]
    return one.code, one.region, industry_of(one.trade), f"demo_occupation_{one.trade}", one.code


def challenges() -> list[Row]:
    found: list[tuple[object, ...]] = []
    for slug, name, status, field, number, posted, deadline, reward, outcome in LISTED:
        audience = Audience.SHARED if slug == AMONG_PARTNERS else Audience.PUBLIC
        found.append(
            (
                f"demo_challenge_{slug}",
                name,
                status,
                field,
                *poster(number),
                posted,
                deadline,
                *((reward[0], "yuan", reward[1]) if reward else (None, None, None)),
                f"demo_outcome_{outcome}" if outcome else None,
                audience,
            )
        )
    return rows(
        "code name challenge_status field poster region industry occupation owner posted deadline"
        " reward_value reward_unit reward_qualifier outcome audience",
        *found,
    )


def bids() -> list[Row]:
    """Vouched for by the union of the enterprise that posted the challenge."""
    regions = {slug: ENTERPRISES[number - 1].region for slug, _, _, _, number, *_ in LISTED}
    listed = (
        (
            f"demo_bid_{number:02d}",
            f"demo_challenge_{slug}",
            *(code if column == name else None for name in COLUMNS),
            status,
            submitted,
            source_of(regions[slug]),
        )
        for number, (slug, column, code, status, submitted) in enumerate(BIDS, start=1)
    )
    header = f"key challenge {' '.join(COLUMNS)} bid_status submitted sources"
    return cited(rows(header, *listed))
