"""What the colleges and academies teach, and when."""

from datetime import date

from generator.chance import Chance
from generator.craftsmen import Craftsman
from generator.places import TRADES, province_of
from generator.rows import COLLEGE, Row, cited, rows
from generator.sources import COLLEGE_NORTH, OF_THE_NORTHERN_COLLEGE
from models.row import Audience
from models.training import EnrolmentStatus as Status

# The trades that have a class in each year's cohort.
CLASSES = {
    2022: ("milling", "welding"),
    2023: ("milling", "welding", "robotics"),
    2024: ("milling", "welding", "robotics"),
}
# trade -> programme, academy
PLANS = {
    "milling": ("demo_programme_work_study", "demo_academy_axle"),
    "welding": ("demo_programme_order", "demo_academy_welding"),
    "robotics": ("demo_programme_apprenticeship", "demo_academy_robotics"),
}
NOW_TAUGHT = 2024  # classes of this cohort haven't ended

# Slug, name, mode, region, organisation, academy, the competition whose standards it took over.
PROGRAMMES = (
    ("work_study", "示例工学一体培养项目", "工学一体", "east", COLLEGE, "axle", None),
    ("order", "示例订单式培养项目", "订单式", "east", COLLEGE, "welding", None),
    ("apprenticeship", "示例现代学徒制培养项目", "现代学徒制", "east", COLLEGE, "robotics", None),
    ("dual", "示例双元三地培养项目", "双元三地", "south", "demo_university_south", "machinery",
     None),
    ("new_apprenticeship", "示例新型学徒制培养项目", "新型学徒制", "north", COLLEGE_NORTH,
     "foundry", None),
    ("milling_standard", "示例数控大赛标准转化课程", "以赛促培", "east", COLLEGE, "axle",
     "milling_2025"),
    ("robotics_standard", "示例机器人大赛标准转化课程", "以赛促培", "south",
     "demo_school_south", "robotics", "robotics_2025"),
    ("casting_standard", "示例铸造大赛标准转化课程", "工学一体", "north", COLLEGE_NORTH,
     "foundry", "casting_2024"),
)  # fmt: skip

# Slug, name, programme, academy, college, started, ended.
COURSES = (
    ("foundry_2025", "示例2025级新型学徒班", "new_apprenticeship", "foundry", COLLEGE_NORTH,
     "2025-09-01", None),
    ("foundry_core", "示例铸造骨干研修班", "casting_standard", "foundry", None,
     "2025-03-10", "2025-04-25"),
    ("power_core", "示例电力骨干研修班", None, "power", None, "2024-10", "2024-11"),
    ("textile_core", "示例纺织操作法推广班", None, "textile", None, "2023-05", "2023-06"),
    ("chemistry_core", "示例安全联锁实训班", None, "chemistry", None, "2025-06-02", "2025-06-28"),
    ("machinery_2024", "示例工程机械双元班", "dual", "machinery", "demo_university_south",
     "2024-09", None),
    ("axle_standard", "示例数控大赛标准班", "milling_standard", "axle", COLLEGE,
     "2026-03-02", "2026-05-29"),
    ("robotics_standard", "示例机器人大赛标准班", "robotics_standard", "robotics",
     "demo_school_south", "2026-04", None),
)  # fmt: skip
APPRENTICES = "demo_class_foundry_2025"


def first_day_of(cohort: int) -> date:
    return date(cohort, 9, 1)


def last_day_of(cohort: int) -> date:
    """Half-open: the first day on which a cohort that has finished is no longer enrolled."""
    return date(cohort + 3, 6, 30)


def class_of(cohort: int, trade: str) -> str:
    return f"demo_class_{cohort}_{trade}"


def programmes() -> list[Row]:
    listed = (
        (
            f"demo_programme_{slug}",
            name,
            mode,
            f"demo_province_{province}",
            organisation,
            f"demo_academy_{academy}",
            f"demo_contest_{contest}" if contest else None,
        )
        for slug, name, mode, province, organisation, academy, contest in PROGRAMMES
    )
    return rows("code name mode region organisation academy standard", *listed)


def training_classes() -> list[Row]:
    cohorts = (
        (
            class_of(cohort, trade),
            f"示例{cohort}级{TRADES[trade].major}班",
            *PLANS[trade],
            COLLEGE,
            first_day_of(cohort),
            None if cohort == NOW_TAUGHT else last_day_of(cohort),
        )
        for cohort, trades in CLASSES.items()
        for trade in trades
    )
    courses = (
        (
            f"demo_class_{slug}",
            name,
            f"demo_programme_{programme}" if programme else None,
            f"demo_academy_{academy}",
            *rest,
        )
        for slug, name, programme, academy, *rest in COURSES
    )
    return rows("code name programme academy college started ended", *cohorts, *courses)


def apprentices(craftsmen: list[Craftsman]) -> list[Row]:
    """招工即招生: those of the northern enterprises learn at the northern college while at work."""
    chance = Chance("enrolments of apprentices")
    north = [one for one in craftsmen if one.learning and province_of(one.region) == "north"]
    listed = (
        (
            f"demo_enrolment_apprentice_{one.number}",
            COLLEGE_NORTH,
            APPRENTICES,
            one.code,
            f"demo_major_{one.trade}",
            2025,
            Status.ENROLLED,
            "2025-09-01",
            None,
            chance.between(600, 950) / 10,
            Audience.OWNER,
            COLLEGE_NORTH,
        )
        for one in north
    )
    header = (
        "key college training_class trainee major cohort enrolment_status started ended score"
        " audience owner"
    )
    return cited(rows(header, *listed), OF_THE_NORTHERN_COLLEGE)
