from typing import Any

import strawberry
from strawberry import Parent

import resolvers.collaborator
from models.row import Level
from resolvers.collaborator_reasons import ReasonKind
from resolvers.collaborator_score import LinkKind, ScoreWeights
from resolvers.honour import HONOUR
from resolvers.region import REGION
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY
from schema.connection import PageInfo
from schema.filters import filter_type
from schema.made import argument, entity_type, list_type, make_class, nullable_type, page_arguments
from schema.node import Node, Record
from schema.reckoned import computed_field, multistep_field, reference_field
from schema.scalars import Day


def reason_kind_resolver(told: Parent[Any]) -> Any:
    return told[0].kind


def reason_detail_resolver(told: Parent[Any]) -> Any:
    reason, language = told
    return reason.said(language)


def reason_weight_resolver(told: Parent[Any]) -> Any:
    return resolvers.collaborator.from_millionths(told[0].millionths)


@strawberry.type(description="Why two studios might go together. 推荐理由")
class CollaboratorReason:
    kind = computed_field(
        reason_kind_resolver, ReasonKind, "Which part of the score it gives, and by what. 理由类别"
    )
    detail = computed_field(
        reason_detail_resolver,
        str,
        "In a sentence, in Chinese, or in English by `Accept-Language`. 说明",
    )
    weight = computed_field(
        reason_weight_resolver, float, "How much of the score it gives. 在得分中所占的份额"
    )
    records = reference_field(
        resolvers.collaborator.REASON_RECORDS_PLAN,
        list_type(Node),
        "What it follows from, ten records at most. 所依据的记录",
    )


@strawberry.type(
    description="A record that has more links of one kind than are followed (`LIMIT_LINKS`): who "
    "is linked by the others alone is missing. 截断说明"
)
class CollaboratorCut:
    link_kind: LinkKind = strawberry.field(description="Which links. 联系类别")
    links: int = strawberry.field(description="How many were followed. 实际走过的联系数")
    record = reference_field(
        resolvers.collaborator.CUT_RECORD_PLAN,
        nullable_type(Record),
        "Whose; null for an outcome, which has no code. 被截断的记录",
    )


@strawberry.type(description="A studio that would complement another, and why. 合作者")
class CollaboratorEdge:
    cursor: str = strawberry.field(description="Good for the same arguments alone. 游标")
    score: float = strawberry.field(
        description="From 0 to 1, to the millionth: the weighted mean of complementarity, "
        "closeness, standing and activity. 得分"
    )
    reasons: list[CollaboratorReason] = strawberry.field(
        description="The weightiest first; of links the five strongest. Their weights add up to "
        "the score, but for rounding and for further links. 推荐理由"
    )
    path = reference_field(
        resolvers.collaborator.PATH_PLAN,
        list_type(Record),
        "The records of the strongest link, in order, from one studio to the other. An outcome "
        "has no code, and is no step of a path: it is among the records of its reason. 联系路径",
    )
    node = reference_field(
        resolvers.collaborator.COLLABORATOR_NODE_PLAN, entity_type(STUDIO), "The studio. 工作室"
    )


@strawberry.type(
    description="Other studios within two links, the best first, then by code: as the viewer sees "
    "them, so that two viewers may be told different scores. 合作者列表"
)
class CollaboratorConnection:
    total_count: int = strawberry.field(description="How many there are. 总数")
    page_info: PageInfo = strawberry.field(description="Where the page stands. 分页信息")
    edges: list[CollaboratorEdge] = strawberry.field(
        description="The studios of this page, each with its score, reasons and path. 本页合作者"
    )
    nodes = reference_field(
        resolvers.collaborator.COLLABORATOR_NODES_PLAN,
        list_type(entity_type(STUDIO)),
        "The studios of this page, without their edges. 本页工作室",
    )
    cut: list[CollaboratorCut] = strawberry.field(
        description="Where links were not followed, for there are too many. 截断之处"
    )


def collaborator_filter_type() -> Any:
    annotations = {
        "region": nullable_type(filter_type(REGION)),
        "other_province": nullable_type(bool),
        "industry": nullable_type(filter_type(INDUSTRY)),
        "level": nullable_type(Level),
        "honour": nullable_type(filter_type(HONOUR)),
        "not_allied": nullable_type(bool),
    }
    described = {
        "region": "Where the studio lies; a code means all that lies in it. 所在地区",
        "other_province": "true: in another province than the one that asks; false: in the same. "
        "Whose province isn't known is in neither. 是否外省",
        "industry": "Of the studio itself. 行业",
        "level": "Of the studio. 级别",
        "honour": "That its leader holds. 领衔人荣誉",
        "not_allied": "true: in no alliance with the one that asks; false: in one. 是否尚未同盟",
    }
    members = {
        name: strawberry.field(default=None, description=text) for name, text in described.items()
    }
    return strawberry.input(
        make_class("CollaboratorFilter", annotations, members),
        description="Which studios; fields are joined by and, null filters nothing. 筛选条件",
    )


DEFAULT_WEIGHTS = ScoreWeights()


@strawberry.input(
    description="How much each part of the score counts: from 0 to 1000, not all 0; only their "
    "proportions matter. 权重"
)
class CollaboratorWeights:
    complementarity: float | None = strawberry.field(
        default=DEFAULT_WEIGHTS.complementarity,
        description="Occupations, industries and kinds of outcomes that the two cover together "
        "and neither covers alone. 互补性",
    )
    closeness: float | None = strawberry.field(
        default=DEFAULT_WEIGHTS.closeness,
        description="How many links there are, and how close they are. 联系紧密度",
    )
    standing: float | None = strawberry.field(
        default=DEFAULT_WEIGHTS.standing,
        description="Honours, outcomes and their verified value. 声誉与成果",
    )
    activity: float | None = strawberry.field(
        default=DEFAULT_WEIGHTS.activity,
        description="What it did in the three years before the day. 近三年活跃度",
    )


COLLABORATORS_FIELD = multistep_field(
    resolvers.collaborator.COLLABORATORS_PLAN,
    CollaboratorConnection,
    "Other studios within two links (an alliance, an academy, a competition, an outcome, a host, "
    "mentor and apprentice) that would complement this one. 合作者推荐",
    [
        argument("filter", nullable_type(collaborator_filter_type())),
        argument(
            "weights", nullable_type(CollaboratorWeights), description="Defaults unasked. 权重"
        ),
        argument(
            "on", nullable_type(Day), description="What held on that day; today unasked. 日期"
        ),
        *page_arguments(),
    ],
)
