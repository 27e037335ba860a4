from typing import Any

import strawberry
from strawberry import UNSET, Parent

import resolvers.cohort
import resolvers.promotable
from models.worker import Grade
from resolvers.competition import COMPETITION, RESULT
from resolvers.context import Info
from resolvers.organisation import ORGANISATION
from resolvers.promotable import Promotable as Found
from resolvers.promotable import Promotion as Judged
from resolvers.promotion import PROMOTION_RULE
from resolvers.rising import PromotionStanding
from resolvers.training import QUALIFICATION
from resolvers.worker import WORKER
from schema.connection import PageInfo, edges, nodes, of_edge, page_info, total_count
from schema.made import argument, graphql_type, list_of, maybe, page_arguments


async def worker(parent: Parent[Judged], info: Info) -> Any:
    return await resolvers.promotable.worker_of(parent, info)


def result(parent: Parent[Judged]) -> Any:
    return parent.result


def standing(parent: Parent[Judged]) -> PromotionStanding:
    return parent.judged.standing


def reason(parent: Parent[Judged], info: Info) -> str:
    return parent.judged.reason.said(info.context.language)


def held(parent: Parent[Judged]) -> Grade | None:
    return parent.judged.held


def grade(parent: Parent[Judged]) -> Grade | None:
    return parent.judged.grade


def rule(parent: Parent[Judged]) -> Any:
    return parent.judged.rule


def tied(parent: Parent[Judged]) -> int:
    return parent.judged.tied


def used(parent: Parent[Judged]) -> Any:
    return parent.judged.used


@strawberry.type(description="A place in a contest, and the grade to which it may lead. 晋级资格")
class Promotion:
    standing: PromotionStanding = strawberry.field(
        resolver=standing, description="What it comes to. 资格状态"
    )
    reason: str = strawberry.field(resolver=reason, description="Why, in a sentence. 理由")
    worker = strawberry.field(
        worker,
        graphql_type=maybe(graphql_type(WORKER)),
        description="Who has the place; null of a team. 学员",
    )
    result = strawberry.field(
        result, graphql_type=maybe(graphql_type(RESULT)), description="The place. 竞赛成绩"
    )
    held: Grade | None = strawberry.field(
        resolver=held, description="The highest grade held, as far as one may see. 现有等级"
    )
    grade: Grade | None = strawberry.field(
        resolver=grade, description="The grade that the rule gives. 晋升等级"
    )
    rule = strawberry.field(
        rule,
        graphql_type=maybe(graphql_type(PROMOTION_RULE)),
        description="By which; its policy and clause are the document. 依据规则",
    )
    tied: int = strawberry.field(
        resolver=tied,
        description="How many share the place, where it is the last that counts; all of them may "
        "rise. 0 otherwise. 末位并列人数",
    )
    used = strawberry.field(
        used,
        graphql_type=list_of(graphql_type(QUALIFICATION)),
        description="The promotions of the year, or the one of this place. 已用晋级",
    )

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, Judged)


@strawberry.type(description="A place and where it stands in the list. 列表项")
class PromotionEdge:
    cursor: str = strawberry.field(resolver=of_edge("cursor"), description="Where it stands. 游标")
    node: Promotion = strawberry.field(resolver=of_edge("node"), description="The place. 名次")


@strawberry.type(description="Places by rank: a page, and the total. 晋级资格列表")
class PromotionConnection:
    total_count: int = strawberry.field(
        resolver=total_count, description="How many there are, all pages together. 总数"
    )
    page_info: PageInfo = strawberry.field(
        resolver=page_info, description="Where the page stands. 分页信息"
    )
    edges: list[PromotionEdge] = strawberry.field(
        resolver=edges, description="The places of this page with their cursors. 本页及游标"
    )
    nodes: list[Promotion] = strawberry.field(
        resolver=nodes, description="The places of this page. 本页"
    )


def competition(parent: Parent[Found]) -> Any:
    return parent.competition


async def college(parent: Parent[Found], info: Info) -> Any:
    return await resolvers.cohort.college_of(info, parent.college)


def year(parent: Parent[Found]) -> int:
    return parent.year


def rules(parent: Parent[Found]) -> Any:
    return parent.rules


def placings(parent: Parent[Found], **asked: Any) -> Any:
    return resolvers.promotable.promotions(parent, **asked)


PLACINGS = strawberry.field(
    placings,
    graphql_type=PromotionConnection,
    description="All of the college's, with what each comes to and why. 名次及资格",
)
PLACINGS.arguments = [
    argument(
        "standing",
        maybe(list_of(PromotionStanding)),
        None,
        "Those that come to one of these; null: all. 资格状态",
    ),
    *page_arguments(),
]


@strawberry.type(
    description="Whom of a college a contest may promote: the places of those who were enrolled "
    "when it was held, and of the college itself. 竞赛晋级名单"
)
class Promotable:
    competition = strawberry.field(
        competition, graphql_type=maybe(graphql_type(COMPETITION)), description="竞赛"
    )
    college = strawberry.field(
        college, graphql_type=maybe(graphql_type(ORGANISATION)), description="院校"
    )
    year = strawberry.field(
        year, description="The calendar year in which one would be promoted. 晋级年度"
    )
    rules = strawberry.field(
        rules,
        graphql_type=list_of(graphql_type(PROMOTION_RULE)),
        description="Those that are about such a contest, and held on its day. 适用规则",
    )
    placings = PLACINGS

    @classmethod
    def is_type_of(cls, value: Any, info: Info) -> bool:
        return isinstance(value, Found)


async def found(info: Info, college: str, competition: str, year: int | None = None) -> Any:
    return await resolvers.promotable.promotable(info, college, competition, year)


PROMOTABLE = strawberry.field(
    found,
    graphql_type=maybe(Promotable),
    description="Who of a college may rise to which grade after a contest, under which rule, and "
    "who has used the year's promotion. Null where there is no such contest, and for whoever may "
    "list no enrolment of the college. 竞赛晋级名单",
)
PROMOTABLE.arguments = [
    argument("college", str, UNSET, "The college's code. 院校编码"),
    argument("competition", str, UNSET, "The contest's code. 竞赛编码"),
    argument("year", maybe(int), None, "Of the promotion; this year unasked. 晋级年度"),
]
