from typing import Any

import strawberry
from strawberry import UNSET, Parent

import resolvers.cohort.cohort
import resolvers.cohort.promotions
from models.worker import Grade
from resolvers.cohort.promotion_rules import PromotionStanding
from resolvers.cohort.promotions import ContestPromotions as Found
from resolvers.cohort.promotions import JudgedPlacing as Judged
from resolvers.competition import COMPETITION, RESULT
from resolvers.core.context import Info
from resolvers.organisation import ORGANISATION
from resolvers.promotion import PROMOTION_RULE
from resolvers.training import QUALIFICATION
from resolvers.worker import WORKER
from schema.types.connections import (
    PageInfo,
    edges_resolver,
    make_edge_resolver,
    nodes_resolver,
    page_info_resolver,
    total_count_resolver,
)
from schema.types.factory import argument, entity_type, list_type, nullable_type, page_arguments


async def promoted_worker_resolver(parent: Parent[Judged], info: Info) -> Any:
    return await resolvers.cohort.promotions.resolve_placing_worker(parent, info)


def promotion_result_resolver(parent: Parent[Judged]) -> Any:
    return parent.result


def standing_resolver(parent: Parent[Judged]) -> PromotionStanding:
    return parent.judged.standing


def promotion_reason_resolver(parent: Parent[Judged], info: Info) -> str:
    return parent.judged.reason.said(info.context.language)


def current_grade_resolver(parent: Parent[Judged]) -> Grade | None:
    return parent.judged.held


def promotion_grade_resolver(parent: Parent[Judged]) -> Grade | None:
    return parent.judged.grade


def promotion_rule_resolver(parent: Parent[Judged]) -> Any:
    return parent.judged.rule


def tied_resolver(parent: Parent[Judged]) -> int:
    return parent.judged.tied


def used_promotions_resolver(parent: Parent[Judged]) -> Any:
    return parent.judged.used


@strawberry.type(
    description="A competition result and the skill grade to which it can lead. 晋级资格"
)
class Promotion:
    standing: PromotionStanding = strawberry.field(
        resolver=standing_resolver,
        description="Status: whether this result can lead to a promotion. 资格状态",
    )
    reason: str = strawberry.field(
        resolver=promotion_reason_resolver,
        description="Reason for the status, in one sentence. 理由",
    )
    worker = strawberry.field(
        promoted_worker_resolver,
        graphql_type=nullable_type(entity_type(WORKER)),
        description="The worker with this result. Null for a team. 学员",
    )
    result = strawberry.field(
        promotion_result_resolver,
        graphql_type=nullable_type(entity_type(RESULT)),
        description="The competition result. 竞赛成绩",
    )
    held: Grade | None = strawberry.field(
        resolver=current_grade_resolver,
        description="Highest grade that the worker holds, among the certificates that the viewer "
        "may see. 现有等级",
    )
    grade: Grade | None = strawberry.field(
        resolver=promotion_grade_resolver, description="The grade that the rule grants. 晋升等级"
    )
    rule = strawberry.field(
        promotion_rule_resolver,
        graphql_type=nullable_type(entity_type(PROMOTION_RULE)),
        description="The promotion rule that applies, with its policy and clause. 依据规则",
    )
    tied: int = strawberry.field(
        resolver=tied_resolver,
        description="Number of persons who share the last rank that counts. All of them can be "
        "promoted. 0 otherwise. 末位并列人数",
    )
    used = strawberry.field(
        used_promotions_resolver,
        graphql_type=list_type(entity_type(QUALIFICATION)),
        description="Promotions that the worker already used this year, or the one for this "
        "result. 已用晋级",
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, Judged)


@strawberry.type(description="One result with its cursor. 列表项")
class PromotionEdge:
    cursor: str = strawberry.field(
        resolver=make_edge_resolver("cursor"),
        description="Position of this result in the list, as an opaque cursor. 游标",
    )
    node: Promotion = strawberry.field(
        resolver=make_edge_resolver("node"), description="The result. 名次"
    )


@strawberry.type(description="A page of results sorted by rank, with the total. 晋级资格列表")
class PromotionConnection:
    total_count: int = strawberry.field(
        resolver=total_count_resolver,
        description="Number of results in the list, over all pages. 总数",
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info_resolver, description="Information about this page. 分页信息"
    )
    edges: list[PromotionEdge] = strawberry.field(
        resolver=edges_resolver,
        description="The results of this page, each with its cursor. 本页及游标",
    )
    nodes: list[Promotion] = strawberry.field(
        resolver=nodes_resolver, description="The results of this page, without cursors. 本页"
    )


def promotable_competition_resolver(parent: Parent[Found]) -> Any:
    return parent.competition


async def promotable_college_resolver(parent: Parent[Found], info: Info) -> Any:
    return await resolvers.cohort.cohort.resolve_college(info, parent.college)


def promotable_year_resolver(parent: Parent[Found]) -> int:
    return parent.year


def promotable_rules_resolver(parent: Parent[Found]) -> Any:
    return parent.rules


def placings_resolver(parent: Parent[Found], **arguments: Any) -> Any:
    return resolvers.cohort.promotions.filter_placings(parent, **arguments)


PLACINGS_FIELD = strawberry.field(
    placings_resolver,
    graphql_type=PromotionConnection,
    description="All results of the college, each with its promotion status and the reason. "
    "名次及资格",
)
PLACINGS_FIELD.arguments = [
    argument(
        "standing",
        nullable_type(list_type(PromotionStanding)),
        None,
        "Only results with one of these statuses. Null: all. 资格状态",
    ),
    *page_arguments(),
]


@strawberry.type(
    description="Which trainees of a college a competition can promote to a higher skill grade: "
    "results of trainees enrolled on the day of the competition, and of the college itself. "
    "竞赛晋级名单"
)
class Promotable:
    competition = strawberry.field(
        promotable_competition_resolver,
        graphql_type=nullable_type(entity_type(COMPETITION)),
        description="竞赛",
    )
    college = strawberry.field(
        promotable_college_resolver,
        graphql_type=nullable_type(entity_type(ORGANISATION)),
        description="院校",
    )
    year = strawberry.field(
        promotable_year_resolver,
        description="Calendar year of the promotion. 晋级年度",
    )
    rules = strawberry.field(
        promotable_rules_resolver,
        graphql_type=list_type(entity_type(PROMOTION_RULE)),
        description="Promotion rules for this competition that were in force on its day. 适用规则",
    )
    placings = PLACINGS_FIELD

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, Found)


async def promotable_resolver(
    info: Info, college: str, competition: str, year: int | None = None
) -> Any:
    return await resolvers.cohort.promotions.judge_contest(info, college, competition, year)


PROMOTABLE_FIELD = strawberry.field(
    promotable_resolver,
    graphql_type=nullable_type(Promotable),
    description="Which trainees of a college can be promoted to which skill grade after a "
    "competition, under which rule, and who has already used this year's promotion. Null if the "
    "competition is unknown, or if the viewer may list no enrolment of the college. 竞赛晋级名单",
)
PROMOTABLE_FIELD.arguments = [
    argument("college", str, UNSET, "Code of the college. 院校编码"),
    argument("competition", str, UNSET, "Code of the competition. 竞赛编码"),
    argument(
        "year", nullable_type(int), None, "Year of the promotion. Default: this year. 晋级年度"
    ),
]
