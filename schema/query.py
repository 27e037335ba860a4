from typing import Annotated, Any

import strawberry

import resolvers.access_log
import resolvers.answer
import resolvers.dispute
import resolvers.erasure_request
from engine.meaning import Named
from models.dispute import DisputeStatus
from models.erasure import ErasureStatus
from resolvers.academy import ACADEMY, TEACHING
from resolvers.alliance import ALLIANCE, MEMBERSHIP, SUPPORT
from resolvers.benefit import BENEFIT
from resolvers.challenge import BID, CHALLENGE
from resolvers.competition import COMPETITION, PRIZE_RULE, RESULT, SERIES
from resolvers.context import Info
from resolvers.event import EVENT
from resolvers.facility import FACILITY
from resolvers.figure import COMPLETENESS, FIGURE, TARGET
from resolvers.honour import CONFERRAL, CRITERION, HONOUR, LADDER, RUNG, STAGE
from resolvers.organisation import FORMER_NAME as ORGANISATION_FORMER_NAME
from resolvers.organisation import ORGANISATION
from resolvers.organisation import SUCCESSION as ORGANISATION_SUCCESSION
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.policy import POLICY
from resolvers.position import POSITION
from resolvers.promotion import PROMOTION_RULE
from resolvers.region import FORMER_NAME, REGION
from resolvers.region import SUCCESSION as REGION_SUCCESSION
from resolvers.selection import NOMINATION, SELECTION_ROUND
from resolvers.service_team import SERVICE_TEAM, SERVICE_TEAM_MEMBERSHIP
from resolvers.source import SOURCE
from resolvers.studio import STUDIO, STUDIO_MEMBERSHIP
from resolvers.subsidy import GRANT, SUBSIDY_RULE
from resolvers.training import ENROLMENT, MENTORSHIP, PROGRAMME, QUALIFICATION, TRAINING_CLASS
from resolvers.vocabulary import INDUSTRY, MAJOR, OCCUPATION
from resolvers.worker import EMPLOYMENT, WORKER
from schema.access_log import AccessLogConnection
from schema.cohort import COHORT
from schema.dispute import DisputeConnection
from schema.erasure import ErasureRequestConnection
from schema.linked import all_of, looked_up
from schema.made import list_of, maybe, page_arguments
from schema.meanings import means
from schema.node import Node
from schema.promotable import PROMOTABLE
from schema.registry import REGISTRY
from schema.rollup import ROLLUP
from schema.search import SEARCH
from schema.viewer import Viewer


async def node(info: Info, id: strawberry.ID) -> Any:
    return await resolvers.answer.node(info, id)


async def nodes(info: Info, ids: list[strawberry.ID]) -> Any:
    return await resolvers.answer.nodes(info, list(map(str, ids)))


def viewer() -> Viewer:
    return Viewer()


def named(id: strawberry.ID) -> Any:
    return [resolvers.answer.named_by(id)]


def access_log(
    info: Info,
    worker: Annotated[strawberry.ID, strawberry.argument(description="Whose. 职工")],
    **page: Any,
) -> Any:
    return resolvers.access_log.access_log(info, worker, **page)


def disputes(
    info: Info,
    dispute_status: Annotated[
        DisputeStatus | None, strawberry.argument(description="How they stand. 状态")
    ] = None,
    **page: Any,
) -> Any:
    return resolvers.dispute.disputes(info, dispute_status, **page)


def erasure_requests(
    info: Info,
    erasure_status: Annotated[
        ErasureStatus | None, strawberry.argument(description="How they stand. 状态")
    ] = None,
    **page: Any,
) -> Any:
    return resolvers.erasure_request.erasure_requests(info, erasure_status, **page)


def paged(answer: Any, of: Any, description: str) -> Any:
    field = strawberry.field(answer, graphql_type=of, description=description)
    own = [one for one in field.arguments if one.python_name != "page"]
    field.arguments = [*own, *page_arguments()]
    return field


def all_named(ids: list[strawberry.ID]) -> Any:
    return resolvers.answer.all_named_by(ids)


@strawberry.type(description="What may be asked. 查询")
class Query:
    node = strawberry.field(
        node,
        graphql_type=maybe(Node),
        description="Any record by its id; null for an unknown one. 任意记录",
        metadata=means(Named(named, listed=False)),
    )
    nodes = strawberry.field(
        nodes,
        graphql_type=list_of(maybe(Node)),
        description="Up to 100 records by their ids, in the order asked. 多条记录",
        metadata=means(Named(all_named, listed=True)),
    )

    registry = REGISTRY
    viewer = strawberry.field(
        viewer, graphql_type=Viewer, description="Who asks, and what it may do. 提问方"
    )
    access_log = paged(
        access_log,
        maybe(AccessLogConnection),
        "Who came near a worker's personal data, and why: for the worker and the steward, null "
        "for everybody else. 访问记录",
    )
    disputes = paged(
        disputes,
        DisputeConnection,
        "Of the worker that asks, on the records that one owns, or for the steward all. 异议",
    )
    erasure_requests = paged(
        erasure_requests,
        ErasureRequestConnection,
        "Of the worker that asks, of those whose records one owns, or for the steward all. "
        "删除申请",
    )

    region = looked_up(REGION, "One region by code (GB/T 2260) or id. 行政区划")
    organisation = looked_up(ORGANISATION, "One organisation. 单位")
    worker = looked_up(WORKER, "One worker. 职工")
    studio = looked_up(STUDIO, "One studio. 工作室")
    academy = looked_up(ACADEMY, "One academy. 工匠学院")
    alliance = looked_up(ALLIANCE, "One alliance. 联盟")
    competition = looked_up(COMPETITION, "One competition. 竞赛")
    competition_series = looked_up(SERIES, "One series of competitions. 系列竞赛")
    honour = looked_up(HONOUR, "One honour. 荣誉称号")
    ladder = looked_up(LADDER, "One ladder. 梯次")
    programme = looked_up(PROGRAMME, "One programme. 培养项目")
    training_class = looked_up(TRAINING_CLASS, "One class. 培训班")
    challenge = looked_up(CHALLENGE, "One challenge. 揭榜课题")
    service_team = looked_up(SERVICE_TEAM, "One service team. 服务队")
    selection_round = looked_up(SELECTION_ROUND, "One selection round. 评选批次")
    policy = looked_up(POLICY, "One policy. 政策文件")
    facility = looked_up(FACILITY, "One facility. 平台场所")
    event = looked_up(EVENT, "One event. 活动")
    benefit = looked_up(BENEFIT, "One benefit. 礼遇")
    occupation = looked_up(OCCUPATION, "One occupation. 职业工种")
    industry = looked_up(INDUSTRY, "One industry. 行业")
    major = looked_up(MAJOR, "One major. 专业")

    rollup = ROLLUP
    cohort = COHORT
    promotable = PROMOTABLE
    search = SEARCH

    regions = all_of(REGION, "All regions, those of today unless asked otherwise. 行政区划")
    former_names = all_of(FORMER_NAME, "曾用名")
    region_successions = all_of(REGION_SUCCESSION, "区划承继")
    organisations = all_of(ORGANISATION, "单位")
    organisation_former_names = all_of(ORGANISATION_FORMER_NAME, "单位曾用名")
    organisation_successions = all_of(ORGANISATION_SUCCESSION, "单位承继")
    workers = all_of(WORKER, "职工")
    employments = all_of(EMPLOYMENT, "任职")
    studios = all_of(STUDIO, "工作室")
    studio_memberships = all_of(STUDIO_MEMBERSHIP, "工作室成员关系")
    academies = all_of(ACADEMY, "工匠学院")
    teachings = all_of(TEACHING, "任教")
    alliances = all_of(ALLIANCE, "联盟")
    alliance_memberships = all_of(MEMBERSHIP, "联盟成员关系")
    alliance_supports = all_of(SUPPORT, "联盟支持关系")
    competitions = all_of(COMPETITION, "竞赛")
    all_competition_series = all_of(SERIES, "系列竞赛")
    results = all_of(RESULT, "竞赛成绩")
    prize_rules = all_of(PRIZE_RULE, "奖励规则")
    honours = all_of(HONOUR, "荣誉称号")
    ladders = all_of(LADDER, "梯次")
    rungs = all_of(RUNG, "梯级")
    selection_stages = all_of(STAGE, "评选环节")
    criteria = all_of(CRITERION, "评选标准")
    conferrals = all_of(CONFERRAL, "授予")
    programmes = all_of(PROGRAMME, "培养项目")
    training_classes = all_of(TRAINING_CLASS, "培训班")
    enrolments = all_of(ENROLMENT, "学籍")
    mentorships = all_of(MENTORSHIP, "师徒")
    qualifications = all_of(QUALIFICATION, "技能等级证书")
    outcomes = all_of(OUTCOME, "创新成果")
    contributions = all_of(CONTRIBUTION, "成果贡献")
    challenges = all_of(CHALLENGE, "揭榜课题")
    bids = all_of(BID, "揭榜申报")
    service_teams = all_of(SERVICE_TEAM, "服务队")
    service_team_memberships = all_of(SERVICE_TEAM_MEMBERSHIP, "服务队成员关系")
    positions = all_of(POSITION, "任职兼职")
    selection_rounds = all_of(SELECTION_ROUND, "评选批次")
    nominations = all_of(NOMINATION, "推荐人选")
    subsidy_rules = all_of(SUBSIDY_RULE, "补助规则")
    promotion_rules = all_of(PROMOTION_RULE, "晋级规则")
    grants = all_of(GRANT, "补助奖金")
    policies = all_of(POLICY, "政策文件")
    facilities = all_of(FACILITY, "平台场所")
    events = all_of(EVENT, "活动")
    benefits = all_of(BENEFIT, "礼遇")
    figures = all_of(FIGURE, "公布数")
    targets = all_of(TARGET, "目标")
    completeness = all_of(COMPLETENESS, "登记完整性声明")
    occupations = all_of(OCCUPATION, "职业工种")
    industries = all_of(INDUSTRY, "行业")
    majors = all_of(MAJOR, "专业")
    sources = all_of(SOURCE, "来源")
