from typing import Any

import strawberry
from strawberry import Parent

import resolvers.collaborators.collaborators
from models.row import Level
from resolvers.collaborators.reasons import ReasonKind
from resolvers.collaborators.score import LinkKind, ScoreWeights
from resolvers.honour import HONOUR
from resolvers.region import REGION
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY
from schema.types.computed_fields import computed_field, multistep_field, reference_field
from schema.types.connections import PageInfo
from schema.types.factory import (
    argument,
    entity_type,
    list_type,
    make_class,
    nullable_type,
    page_arguments,
)
from schema.types.filter_inputs import filter_type
from schema.types.node import Node, Record
from schema.types.scalars import Day


def reason_kind_resolver(parent: Parent[Any]) -> Any:
    return parent[0].kind


def reason_detail_resolver(parent: Parent[Any]) -> Any:
    reason, language = parent
    return reason.said(language)


def reason_weight_resolver(parent: Parent[Any]) -> Any:
    return resolvers.collaborators.collaborators.from_millionths(parent[0].millionths)


@strawberry.type(description="A reason for two studios to work together. 推荐理由")
class CollaboratorReason:
    kind = computed_field(
        reason_kind_resolver,
        ReasonKind,
        "The part of the score, or the kind of link, that this reason is about. 理由类别",
    )
    detail = computed_field(
        reason_detail_resolver,
        str,
        "Explanation in one sentence, in Chinese, or in English if `Accept-Language` asks for "
        "it. 说明",
    )
    weight = computed_field(
        reason_weight_resolver,
        float,
        "Part of the score that this reason gives. 在得分中所占的份额",
    )
    records = reference_field(
        resolvers.collaborators.collaborators.REASON_RECORDS_PLAN,
        list_type(Node),
        "Records that support the reason, at most ten. 所依据的记录",
    )


@strawberry.type(
    description="A record with more links of one kind than the service follows (setting "
    "`LIMIT_LINKS`). Studios linked only by the other links are missing. 截断说明"
)
class CollaboratorCut:
    link_kind: LinkKind = strawberry.field(description="Kind of the links. 联系类别")
    links: int = strawberry.field(
        description="Number of links that were followed. 实际走过的联系数"
    )
    record = reference_field(
        resolvers.collaborators.collaborators.CUT_RECORD_PLAN,
        nullable_type(Record),
        "The record that has the links. Null for an outcome, because outcomes have no code. "
        "被截断的记录",
    )


@strawberry.type(description="A recommended studio, with its score and the reasons. 合作者")
class CollaboratorEdge:
    cursor: str = strawberry.field(
        description="Position of this studio in the list, as an opaque cursor. Valid only with "
        "the same arguments. 游标"
    )
    score: float = strawberry.field(
        description="From 0 to 1, with six decimals: the weighted mean of complementarity, "
        "closeness, standing and activity. 得分"
    )
    reasons: list[CollaboratorReason] = strawberry.field(
        description="Reasons, largest weight first, with at most five for links. Their weights "
        "add up to the score, except for rounding and omitted links. 推荐理由"
    )
    path = reference_field(
        resolvers.collaborators.collaborators.PATH_PLAN,
        list_type(Record),
        "The records of the strongest link, in order from one studio to the other. Outcomes are "
        "not part of a path, because they have no code; see the records of the reason. 联系路径",
    )
    node = reference_field(
        resolvers.collaborators.collaborators.COLLABORATOR_NODE_PLAN,
        entity_type(STUDIO),
        "The studio. 工作室",
    )


@strawberry.type(
    description="Other studios within two links, sorted by score, then by code. The score "
    "depends on the records that the viewer may see. 合作者列表"
)
class CollaboratorConnection:
    total_count: int = strawberry.field(
        description="Number of items in the list, over all pages. 总数"
    )
    page_info: PageInfo = strawberry.field(description="Information about this page. 分页信息")
    edges: list[CollaboratorEdge] = strawberry.field(
        description="The studios of this page, each with its score, reasons and path. 本页合作者"
    )
    nodes = reference_field(
        resolvers.collaborators.collaborators.COLLABORATOR_NODES_PLAN,
        list_type(entity_type(STUDIO)),
        "The studios of this page, without cursors. 本页工作室",
    )
    cut: list[CollaboratorCut] = strawberry.field(
        description="Records whose links were only partly followed, because there are too many. "
        "截断之处"
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
        "region": "Region of the studio. A region code includes all regions below it. 所在地区",
        "other_province": "True: in another province than the first studio. False: in the same "
        "province. Studios without a known province match neither. 是否外省",
        "industry": "Industry of the studio. 行业",
        "level": "Level of the studio. 级别",
        "honour": "Honour that the leader of the studio holds. 领衔人荣誉",
        "not_allied": "True: the two studios are in no common alliance. False: they are in one. "
        "是否尚未同盟",
    }
    members = {
        name: strawberry.field(default=None, description=text) for name, text in described.items()
    }
    return strawberry.input(
        make_class("CollaboratorFilter", annotations, members),
        description="Conditions on the recommended studios. All conditions must be met. Null: no "
        "condition. 筛选条件",
    )


DEFAULT_WEIGHTS = ScoreWeights()


@strawberry.input(
    description="Weight of each part of the score: 0 to 1000, not all 0. Only the proportions "
    "matter. 权重"
)
class CollaboratorWeights:
    complementarity: float | None = strawberry.field(
        default=DEFAULT_WEIGHTS.complementarity,
        description="Occupations, industries and kinds of outcomes that the two studios cover "
        "together, but neither covers alone. 互补性",
    )
    closeness: float | None = strawberry.field(
        default=DEFAULT_WEIGHTS.closeness,
        description="Number and closeness of the links between the studios. 联系紧密度",
    )
    standing: float | None = strawberry.field(
        default=DEFAULT_WEIGHTS.standing,
        description="Honours, outcomes and their verified value. 声誉与成果",
    )
    activity: float | None = strawberry.field(
        default=DEFAULT_WEIGHTS.activity,
        description="Activity of the studio in the three years before the day `on`. 近三年活跃度",
    )


COLLABORATORS_FIELD = multistep_field(
    resolvers.collaborators.collaborators.COLLABORATORS_PLAN,
    CollaboratorConnection,
    "Recommended partners: other studios within two links that complement this one. A link is an "
    "alliance, academy, competition, outcome, host, or a mentor and apprentice. 合作者推荐",
    [
        argument("filter", nullable_type(collaborator_filter_type())),
        argument(
            "weights",
            nullable_type(CollaboratorWeights),
            description="Weights of the parts of the score. Default: the default values of the "
            "fields. 权重",
        ),
        argument(
            "on",
            nullable_type(Day),
            description="The day to which the answer applies. Default: today in China. 日期",
        ),
        *page_arguments(),
    ],
)
