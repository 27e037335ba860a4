"""Judgement of placings by promotion rules; nothing is read from the database here.

For the decisions and their reasons see docs/decisions/0023-cohorts-and-promotions.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Any

from kit.i18n import Message
from kit.values.labelled_enum import LabelledEnum
from models.promotion import grade_order
from models.training import QualificationBasis
from models.worker import Grade
from resolvers.cohort.placing import ContestPlace, PlacingCount, place_of_result


class PromotionStanding(
    LabelledEnum,
    description="Promotion status of a competition result. 晋级资格状态",
):
    """The standing of a placing: the first that applies, in the order of judgement."""

    TEAM = "TEAM", "团体成绩", "A team won it, not a person"
    PROMOTED = "PROMOTED", "已据此晋级", "The person has been promoted for it"
    NO_RULE = "NO_RULE", "无适用规则", "No rule applies"
    DAY_UNKNOWN = "DAY_UNKNOWN", "竞赛日期不详", "The date of the competition is unknown"
    NO_RANK = "NO_RANK", "名次不详", "The rank is unknown"
    ENTRANTS_UNKNOWN = "ENTRANTS_UNKNOWN", "参赛人数不详", "The number of entrants is unknown"
    BEYOND = "BEYOND", "名次未达", "The rank isn't high enough"
    HOLDS_GRADE = "HOLDS_GRADE", "已有该等级", "The person has the grade already"
    NO_GRADE = "NO_GRADE", "原等级不符", "The person doesn't hold the grade that the rule requires"
    LIMIT_USED = "LIMIT_USED", "本年度次数已用", "The promotions of the year are used up"
    PROMOTABLE = "PROMOTABLE", "可晋级", "The person can be promoted"


TEAM_REASON = Message(
    "A team won the place, and the registry doesn't say which member it would promote.",
    "该名次属于团体，登记库未载明可晋级的个人。",
)
NO_RULE_REASON = Message(
    "No rule in force on the day of the contest covers this contest and division.",
    "竞赛当日没有适用于该竞赛和组别的规则。",
)
DAY_UNKNOWN_REASON = Message(
    "The rules changed around the time of the contest, and its date is not exact enough to choose "
    "one.",
    "竞赛前后规则有变，而竞赛日期不够确切，无法确定适用的规则。",
)
NO_RANK_REASON = Message(
    "The place has no rank on record, nor an award that tells one.",
    "该成绩没有登记名次，也没有可据以认定名次的奖项。",
)
ENTRANTS_UNKNOWN_REASON = Message(
    "The rule counts a share of the entrants, and the number of entrants in this division is not "
    "on record.",
    "规则按参赛人数比例计算，而该组别的参赛人数没有确切登记。",
)


@dataclass(frozen=True)
class ContestRules:
    """The rules of a competition.

    `certain` were valid on all days on which it may have been held, `uncertain` on some of them.
    `entrants` are by division; `placings` count all results.
    """

    certain: Sequence[Any]
    uncertain: Sequence[Any]
    entrants: dict[str | None, int]
    placings: Sequence[PlacingCount]


@dataclass(frozen=True)
class PromotionJudgement:
    standing: PromotionStanding
    reason: Message
    held: Grade | None = None
    grade: Grade | None = None
    rule: Any = None
    tied: int = 0
    used: Sequence[Any] = ()


def judge_placing(
    contest: ContestRules,
    result: Any,
    certificates: Sequence[Any],
    recorded: Grade | None,
    year: int,
) -> PromotionJudgement:
    """Judge a placing by the certificates and `recorded`, the grade on the person's record."""
    if result.worker_id is None:
        return PromotionJudgement(PromotionStanding.TEAM, TEAM_REASON)
    current = highest_grade([recorded, *(certificate.grade for certificate in certificates)])
    for certificate in certificates:
        if certificate.based_on_id == result.id:
            return PromotionJudgement(
                PromotionStanding.PROMOTED,
                promoted_reason(certificate.grade),
                current,
                certificate.grade,
                None,
                0,
                [certificate],
            )
    rules = rules_of_division(contest.certain, result.division)
    if not rules:
        unsure = rules_of_division(contest.uncertain, result.division)
        standing = PromotionStanding.DAY_UNKNOWN if unsure else PromotionStanding.NO_RULE
        return PromotionJudgement(
            standing, DAY_UNKNOWN_REASON if unsure else NO_RULE_REASON, current
        )
    place = place_of_result(result, contest.placings)
    if place is None:
        return PromotionJudgement(PromotionStanding.NO_RANK, NO_RANK_REASON, current)
    borders = {
        rule.id: last_promoting_rank(rule, contest.entrants.get(result.division)) for rule in rules
    }
    reached = [rule for rule in rules if (borders[rule.id] or 0) >= place.rank]
    if not reached:
        known_borders = [border for border in borders.values() if border is not None]
        if len(known_borders) < len(borders):
            return PromotionJudgement(
                PromotionStanding.ENTRANTS_UNKNOWN, ENTRANTS_UNKNOWN_REASON, current
            )
        return PromotionJudgement(
            PromotionStanding.BEYOND, beyond_reason(place, max(known_borders)), current
        )
    higher = [rule for rule in reached if grade_height(rule.grade) > grade_height(current)]
    if not higher:
        return PromotionJudgement(
            PromotionStanding.HOLDS_GRADE, holds_grade_reason(current), current
        )
    rising = [rule for rule in higher if rule.from_grade in (None, current)]
    if not rising:
        return PromotionJudgement(PromotionStanding.NO_GRADE, no_grade_reason(current), current)
    rule = max(
        rising,
        key=lambda candidate: (
            grade_height(candidate.grade),
            candidate.division is not None,
            candidate.id,
        ),
    )
    tied = place.sharing if place.straddles(borders[rule.id]) else 0
    used = [certificate for certificate in certificates if is_promotion_of_year(certificate, year)]
    if rule.yearly_limit is not None and len(used) >= rule.yearly_limit:
        why = limit_used_reason(rule.yearly_limit, year)
        return PromotionJudgement(
            PromotionStanding.LIMIT_USED, why, current, rule.grade, rule, tied, used
        )
    why = promotable_reason(rule, place, borders[rule.id], tied)
    return PromotionJudgement(
        PromotionStanding.PROMOTABLE, why, current, rule.grade, rule, tied, used
    )


def rules_of_division(rules: Sequence[Any], division: str | None) -> list[Any]:
    return [rule for rule in rules if rule.division in (None, division)]


def last_promoting_rank(rule: Any, entrants: int | None) -> int | None:
    """Return the last rank that counts; a share is rounded down. None if it is unknown."""
    if rule.rank_to is not None:
        return int(rule.rank_to)
    if entrants is None:
        return None
    return floor(Fraction(rule.share_to) * entrants / 100)


def highest_grade(grades: Sequence[Grade | None]) -> Grade | None:
    return max((grade for grade in grades if grade is not None), key=grade_order, default=None)


def grade_height(grade: Grade | None) -> int:
    return -1 if grade is None else grade_order(grade)


def is_promotion_of_year(certificate: Any, year: int) -> bool:
    """Return whether a certificate is a promotion of that year, by its day of issue."""
    by_contest = certificate.basis is QualificationBasis.COMPETITION
    return by_contest and (certificate.issued_on or "")[:4] == str(year)


def grade_message(grade: Grade | None) -> Message:
    if grade is None:
        return Message("no grade", "无等级")
    english = grade.value.lower().replace("_", " ")
    return Message(english, grade.label)


def promoted_reason(grade: Grade | None) -> Message:
    to = grade_message(grade)
    return Message(
        f"This place has already led to a certificate: {to.english}.",
        f"已凭该成绩取得证书：{to.chinese}。",
    )


def beyond_reason(place: ContestPlace, last: int) -> Message:
    own = place.message
    return Message(
        f"{own.english} doesn't promote: the last rank that does is {last}.",
        f"{own.chinese}，晋级截止名次为第{last}名。",
    )


def holds_grade_reason(grade: Grade | None) -> Message:
    own = grade_message(grade)
    return Message(
        f"The place promotes no higher than the grade already held: {own.english}.",
        f"已持有{own.chinese}，该名次可晋升的等级不高于此。",
    )


def no_grade_reason(grade: Grade | None) -> Message:
    own = grade_message(grade)
    return Message(
        f"No rule for this place starts from the grade held: {own.english}.",
        f"没有从现有等级（{own.chinese}）起晋升的规则。",
    )


def limit_used_reason(limit: int, year: int) -> Message:
    return Message(
        f"The rule allows {limit} a year, already used in {year}.",
        f"规则规定每年{limit}次，{year}年已用。",
    )


def promotable_reason(rule: Any, place: ContestPlace, last: int | None, tied: int) -> Message:
    own, to = place.message, grade_message(rule.grade)
    why = Message(f"{own.english}, within the first {last}", f"{own.chinese}，在前{last}名之内")
    if rule.share_to is not None:
        why = Message(
            f"{own.english}, within the first {last} ({rule.share_to:g} %)",
            f"{own.chinese}，在前{last}名（{rule.share_to:g}%）之内",
        )
    if tied:
        why = Message(
            f"{why.english}, the last of which {tied} share", f"{why.chinese}，末位{tied}人并列"
        )
    return Message(f"{why.english}: {to.english}.", f"{why.chinese}：可晋升{to.chinese}。")
