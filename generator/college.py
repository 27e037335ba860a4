"""What the college teaches, and where."""

from datetime import date

from generator.places import HOME, TRADES
from generator.rows import COLLEGE, Row, rows
from models.row import Level

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


def first_day_of(cohort: int) -> date:
    return date(cohort, 9, 1)


def last_day_of(cohort: int) -> date:
    """Half-open: the first day on which a cohort that has finished is no longer enrolled."""
    return date(cohort + 3, 6, 30)


def class_of(cohort: int, trade: str) -> str:
    return f"demo_class_{cohort}_{trade}"


def academies() -> list[Row]:
    provincial, city = Level.PROVINCIAL, Level.CITY
    axle, robot = "demo_industry_axle", "demo_industry_robot"
    return rows(
        "code name level industry host region opened",
        ("demo_academy_axle", "示例车桥工匠学院", provincial, axle,
         "demo_academy_host", HOME, "2021-05"),
        ("demo_academy_welding", "示例焊接工匠学院", city, "demo_industry_vessel",
         "demo_enterprise_09", "demo_city_east_b", "2021-10-18"),
        ("demo_academy_robotics", "示例机器人工匠学院", provincial, robot,
         "demo_enterprise_13", "demo_city_south_a", "2022"),
    )  # fmt: skip


def programmes() -> list[Row]:
    here = ("demo_province_east", COLLEGE)
    return rows(
        "code name mode region organisation academy",
        ("demo_programme_work_study", "示例工学一体培养项目", "工学一体", *here,
         "demo_academy_axle"),
        ("demo_programme_order", "示例订单式培养项目", "订单式", *here,
         "demo_academy_welding"),
        ("demo_programme_apprenticeship", "示例现代学徒制培养项目", "现代学徒制", *here,
         "demo_academy_robotics"),
    )  # fmt: skip


def training_classes() -> list[Row]:
    listed = (
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
    return rows("code name programme academy college started ended", *listed)
