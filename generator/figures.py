"""Published numbers beside what the registry counts, one of them where it holds all there is."""

from generator.rows import Row, cited, rows
from kit.quantity import Qualifier
from models.figure import FigurePeriod

EAST = "demo_province_east"
COMPLETE = "academies_provincial"


def figures() -> list[Row]:
    number = ("academy", Qualifier.EXACT, FigurePeriod.POINT, 2025)
    return cited(
        rows(
            "key metric label quantity_value quantity_unit quantity_qualifier period year region",
            ("demo_figure_east_provincial", COMPLETE, "省级工匠学院数", 2, *number, EAST),
            ("demo_figure_east_municipal", "academies_municipal", "市级工匠学院数", 3, *number,
             EAST),
            ("demo_figure_south_provincial", COMPLETE, "省级工匠学院数", 1, *number,
             "demo_province_south"),
        )
    )  # fmt: skip


def completeness() -> list[Row]:
    return cited(rows("key metric region", ("demo_complete_east_provincial", COMPLETE, EAST)))
