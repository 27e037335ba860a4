"""Places in a competition: by rank, or by the class of the award where no rank was published."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kit.i18n import Message
from models.award import AwardClass

# Titles and medals are for a place.
PLACE_BY_CLASS = {
    AwardClass.CHAMPION: 1, AwardClass.RUNNER_UP: 2, AwardClass.THIRD_PLACE: 3,
    AwardClass.GOLD: 1, AwardClass.SILVER: 2, AwardClass.BRONZE: 3,
}  # fmt: skip
# Prizes go to many: a class comes after all recipients of the better ones, and after one of each.
PRIZE_ORDER = (
    AwardClass.SPECIAL_PRIZE, AwardClass.FIRST_PRIZE, AwardClass.SECOND_PRIZE,
    AwardClass.THIRD_PRIZE,
)  # fmt: skip
BEST_PLACE_BY_PRIZE = {
    AwardClass.SPECIAL_PRIZE: 1, AwardClass.FIRST_PRIZE: 1, AwardClass.SECOND_PRIZE: 2,
    AwardClass.THIRD_PRIZE: 3,
}  # fmt: skip


@dataclass(frozen=True)
class PlacingCount:
    """The number of results of a division that have one rank and one class of award."""

    division: str | None
    rank: int | None
    award_class: AwardClass | None
    number: int


@dataclass(frozen=True)
class ContestPlace:
    """The best place that a result can have, and how many share it.

    `award_class` is set if the place follows from it.
    """

    rank: int
    sharing: int
    award_class: AwardClass | None = None

    def straddles(self, last: int | None) -> bool:
        """Return whether those who share the place can't all be within the last one."""
        if self.sharing < 2 or last is None:
            return False
        beyond = self.award_class is not None and self.rank + self.sharing - 1 > last
        return self.rank == last or beyond

    @property
    def message(self) -> Message:
        if self.award_class is None:
            return Message(f"Rank {self.rank}", f"第{self.rank}名")
        texts = self.award_class.value.lower().replace("_", " "), self.award_class.label
        award = Message(*texts)
        return Message(
            f"Rank {self.rank} by its award ({award.english})",
            f"按奖项（{award.chinese}）计第{self.rank}名",
        )


def place_of_result(result: Any, counts: Sequence[PlacingCount]) -> ContestPlace | None:
    """Return the place of a result; None if neither its rank nor its award tells one."""
    theirs = [one for one in counts if one.division == result.division]
    kind = result.award_class
    rank = PLACE_BY_CLASS.get(kind) if result.rank is None else result.rank
    if rank is not None:
        sharing = total(one for one in theirs if rank == place_by_title(one))
        return ContestPlace(rank, sharing, kind if result.rank is None else None)
    if kind not in PRIZE_ORDER:
        return None
    better = PRIZE_ORDER[: PRIZE_ORDER.index(kind)]
    before = total(one for one in theirs if one.award_class in better)
    sharing = total(one for one in theirs if one.award_class is kind)
    return ContestPlace(max(BEST_PLACE_BY_PRIZE[kind], before + 1), sharing, kind)


def place_by_title(count: PlacingCount) -> int | None:
    if count.rank is not None or count.award_class is None:
        return count.rank
    return PLACE_BY_CLASS.get(count.award_class)


def total(counts: Iterable[PlacingCount]) -> int:
    return sum(one.number for one in counts)
