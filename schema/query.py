from typing import Annotated, Any

import strawberry

import resolvers.core.records
import resolvers.personal.access_log
import resolvers.personal.dispute
import resolvers.personal.erasure_request
from engine.plan.field_plans import NodesByIdField
from models.dispute import DisputeStatus
from models.erasure import ErasureStatus
from resolvers.academy import ACADEMY, TEACHING
from resolvers.alliance import ALLIANCE, ALLIANCE_MEMBERSHIP, ALLIANCE_SUPPORT
from resolvers.benefit import BENEFIT
from resolvers.challenge import BID, CHALLENGE
from resolvers.competition import COMPETITION, COMPETITION_SERIES, PRIZE_RULE, RESULT
from resolvers.core.context import Info
from resolvers.event import EVENT
from resolvers.facility import FACILITY
from resolvers.figure import COMPLETENESS, FIGURE, TARGET
from resolvers.honour import CONFERRAL, CRITERION, HONOUR, LADDER, RUNG, SELECTION_STAGE
from resolvers.organisation import ORGANISATION, ORGANISATION_FORMER_NAME, ORGANISATION_SUCCESSION
from resolvers.outcome import CONTRIBUTION, OUTCOME
from resolvers.policy import POLICY
from resolvers.position import POSITION
from resolvers.promotion import PROMOTION_RULE
from resolvers.region import REGION, REGION_FORMER_NAME, REGION_SUCCESSION
from resolvers.selection import NOMINATION, SELECTION_ROUND
from resolvers.service_team import SERVICE_TEAM, SERVICE_TEAM_MEMBERSHIP
from resolvers.source import SOURCE
from resolvers.studio import STUDIO, STUDIO_MEMBERSHIP
from resolvers.subsidy import GRANT, SUBSIDY_RULE
from resolvers.training import ENROLMENT, MENTORSHIP, PROGRAMME, QUALIFICATION, TRAINING_CLASS
from resolvers.vocabulary import INDUSTRY, MAJOR, OCCUPATION
from resolvers.worker import EMPLOYMENT, WORKER
from schema.access_log import AccessLogConnection
from schema.cohort import COHORT_FIELD
from schema.dispute import DisputeConnection
from schema.erasure import ErasureRequestConnection
from schema.promotable import PROMOTABLE_FIELD
from schema.registry import REGISTRY_FIELD
from schema.rollup import ROLLUP_FIELD
from schema.search import SEARCH_FIELD
from schema.types.factory import list_type, nullable_type, page_arguments
from schema.types.link_fields import lookup_field, root_list_field
from schema.types.node import Node
from schema.types.plan_metadata import plan_metadata
from schema.viewer import Viewer


async def node_resolver(info: Info, id: strawberry.ID) -> Any:
    return await resolvers.core.records.resolve_node(info, id)


async def nodes_by_id_resolver(info: Info, ids: list[strawberry.ID]) -> Any:
    return await resolvers.core.records.resolve_nodes(info, list(map(str, ids)))


def viewer_resolver() -> Viewer:
    return Viewer()


def decode_id(id: strawberry.ID) -> Any:
    return [resolvers.core.records.parse_global_id(id)]


def access_log_resolver(
    info: Info,
    worker: Annotated[strawberry.ID, strawberry.argument(description="Id of the worker. 职工")],
    **page: Any,
) -> Any:
    return resolvers.personal.access_log.resolve_access_log(info, worker, **page)


def disputes_resolver(
    info: Info,
    dispute_status: Annotated[
        DisputeStatus | None,
        strawberry.argument(
            description="Only disputes or requests with this status. Null: all. 状态"
        ),
    ] = None,
    **page: Any,
) -> Any:
    return resolvers.personal.dispute.resolve_disputes(info, dispute_status, **page)


def erasure_requests_resolver(
    info: Info,
    erasure_status: Annotated[
        ErasureStatus | None,
        strawberry.argument(
            description="Only disputes or requests with this status. Null: all. 状态"
        ),
    ] = None,
    **page: Any,
) -> Any:
    return resolvers.personal.erasure_request.resolve_erasure_requests(info, erasure_status, **page)


def paged_field(answer: Any, of: Any, description: str) -> Any:
    field = strawberry.field(answer, graphql_type=of, description=description)
    own = [one for one in field.arguments if one.python_name != "page"]
    field.arguments = [*own, *page_arguments()]
    return field


def decode_ids(ids: list[strawberry.ID]) -> Any:
    return resolvers.core.records.parse_global_ids(ids)


@strawberry.type(description="Queries: everything that can be read. 查询")
class Query:
    node = strawberry.field(
        node_resolver,
        graphql_type=nullable_type(Node),
        description="One record of any type by its id. Null if the id is unknown or the record "
        "is not visible. 任意记录",
        metadata=plan_metadata(NodesByIdField(decode_id, listed=False)),
    )
    nodes = strawberry.field(
        nodes_by_id_resolver,
        graphql_type=list_type(nullable_type(Node)),
        description="Up to 100 records by their ids, in the order of the argument `ids`. Null "
        "for unknown ids. 多条记录",
        metadata=plan_metadata(NodesByIdField(decode_ids, listed=True)),
    )

    registry = REGISTRY_FIELD
    viewer = strawberry.field(
        viewer_resolver, graphql_type=Viewer, description="The caller and its permissions. 提问方"
    )
    access_log = paged_field(
        access_log_resolver,
        nullable_type(AccessLogConnection),
        "Log of accesses to personal data of a worker. Visible to the worker and to the "
        "registry's steward; null for others. 访问记录",
    )
    disputes = paged_field(
        disputes_resolver,
        DisputeConnection,
        "Disputes. A worker sees their own disputes, a partner those about its own records, the "
        "registry's steward all. 异议",
    )
    erasure_requests = paged_field(
        erasure_requests_resolver,
        ErasureRequestConnection,
        "Erasure requests. A worker sees their own requests, a partner those of workers whose "
        "records it owns, the registry's steward all. 删除申请",
    )

    region = lookup_field(
        REGION, "One region by code (GB/T 2260) or id. Null if it is unknown. 行政区划"
    )
    organisation = lookup_field(
        ORGANISATION, "One organisation, by code or id. Null if not found. 单位"
    )
    worker = lookup_field(WORKER, "One worker, by code or id. Null if not found. 职工")
    studio = lookup_field(STUDIO, "One studio, by code or id. Null if not found. 工作室")
    academy = lookup_field(ACADEMY, "One academy, by code or id. Null if not found. 工匠学院")
    alliance = lookup_field(ALLIANCE, "One alliance, by code or id. Null if not found. 联盟")
    competition = lookup_field(
        COMPETITION, "One competition, by code or id. Null if not found. 竞赛"
    )
    competition_series = lookup_field(
        COMPETITION_SERIES, "One competition series, by code or id. Null if not found. 系列竞赛"
    )
    honour = lookup_field(HONOUR, "One honour, by code or id. Null if not found. 荣誉称号")
    ladder = lookup_field(LADDER, "One ladder, by code or id. Null if not found. 梯次")
    programme = lookup_field(PROGRAMME, "One programme, by code or id. Null if not found. 培养项目")
    training_class = lookup_field(
        TRAINING_CLASS, "One training class, by code or id. Null if not found. 培训班"
    )
    challenge = lookup_field(CHALLENGE, "One challenge, by code or id. Null if not found. 揭榜课题")
    service_team = lookup_field(
        SERVICE_TEAM, "One service team, by code or id. Null if not found. 服务队"
    )
    selection_round = lookup_field(
        SELECTION_ROUND, "One selection round, by code or id. Null if not found. 评选批次"
    )
    policy = lookup_field(POLICY, "One policy, by code or id. Null if not found. 政策文件")
    facility = lookup_field(FACILITY, "One facility, by code or id. Null if not found. 平台场所")
    event = lookup_field(EVENT, "One event, by code or id. Null if not found. 活动")
    benefit = lookup_field(BENEFIT, "One benefit, by code or id. Null if not found. 礼遇")
    occupation = lookup_field(
        OCCUPATION, "One occupation, by code or id. Null if not found. 职业工种"
    )
    industry = lookup_field(INDUSTRY, "One industry, by code or id. Null if not found. 行业")
    major = lookup_field(MAJOR, "One major, by code or id. Null if not found. 专业")

    rollup = ROLLUP_FIELD
    cohort = COHORT_FIELD
    promotable = PROMOTABLE_FIELD
    search = SEARCH_FIELD

    regions = root_list_field(REGION, "All regions, by default only those of today. 行政区划")
    former_names = root_list_field(REGION_FORMER_NAME, "曾用名")
    region_successions = root_list_field(REGION_SUCCESSION, "区划承继")
    organisations = root_list_field(ORGANISATION, "单位")
    organisation_former_names = root_list_field(ORGANISATION_FORMER_NAME, "单位曾用名")
    organisation_successions = root_list_field(ORGANISATION_SUCCESSION, "单位承继")
    workers = root_list_field(WORKER, "职工")
    employments = root_list_field(EMPLOYMENT, "任职")
    studios = root_list_field(STUDIO, "工作室")
    studio_memberships = root_list_field(STUDIO_MEMBERSHIP, "工作室成员关系")
    academies = root_list_field(ACADEMY, "工匠学院")
    teachings = root_list_field(TEACHING, "任教")
    alliances = root_list_field(ALLIANCE, "联盟")
    alliance_memberships = root_list_field(ALLIANCE_MEMBERSHIP, "联盟成员关系")
    alliance_supports = root_list_field(ALLIANCE_SUPPORT, "联盟支持关系")
    competitions = root_list_field(COMPETITION, "竞赛")
    all_competition_series = root_list_field(COMPETITION_SERIES, "系列竞赛")
    results = root_list_field(RESULT, "竞赛成绩")
    prize_rules = root_list_field(PRIZE_RULE, "奖励规则")
    honours = root_list_field(HONOUR, "荣誉称号")
    ladders = root_list_field(LADDER, "梯次")
    rungs = root_list_field(RUNG, "梯级")
    selection_stages = root_list_field(SELECTION_STAGE, "评选环节")
    criteria = root_list_field(CRITERION, "评选标准")
    conferrals = root_list_field(CONFERRAL, "授予")
    programmes = root_list_field(PROGRAMME, "培养项目")
    training_classes = root_list_field(TRAINING_CLASS, "培训班")
    enrolments = root_list_field(ENROLMENT, "学籍")
    mentorships = root_list_field(MENTORSHIP, "师徒")
    qualifications = root_list_field(QUALIFICATION, "技能等级证书")
    outcomes = root_list_field(OUTCOME, "创新成果")
    contributions = root_list_field(CONTRIBUTION, "成果贡献")
    challenges = root_list_field(CHALLENGE, "揭榜课题")
    bids = root_list_field(BID, "揭榜申报")
    service_teams = root_list_field(SERVICE_TEAM, "服务队")
    service_team_memberships = root_list_field(SERVICE_TEAM_MEMBERSHIP, "服务队成员关系")
    positions = root_list_field(POSITION, "任职兼职")
    selection_rounds = root_list_field(SELECTION_ROUND, "评选批次")
    nominations = root_list_field(NOMINATION, "推荐人选")
    subsidy_rules = root_list_field(SUBSIDY_RULE, "补助规则")
    promotion_rules = root_list_field(PROMOTION_RULE, "晋级规则")
    grants = root_list_field(GRANT, "补助奖金")
    policies = root_list_field(POLICY, "政策文件")
    facilities = root_list_field(FACILITY, "平台场所")
    events = root_list_field(EVENT, "活动")
    benefits = root_list_field(BENEFIT, "礼遇")
    figures = root_list_field(FIGURE, "公布数")
    targets = root_list_field(TARGET, "目标")
    completeness = root_list_field(COMPLETENESS, "登记完整性声明")
    occupations = root_list_field(OCCUPATION, "职业工种")
    industries = root_list_field(INDUSTRY, "行业")
    majors = root_list_field(MAJOR, "专业")
    sources = root_list_field(SOURCE, "来源")
