import strawberry

import resolvers.alliance_coverage as coverage
from resolvers.outcome import OUTCOME
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY, OCCUPATION
from schema.connection import PageInfo
from schema.made import argument, entity_type, list_type, nullable_type, page_arguments
from schema.node import Record
from schema.reckoned import multistep_field, reference_field
from schema.scalars import Day

CUT_DESCRIPTION = (
    "Whether more than 2000 studios lie around the alliance: then the first by code were looked "
    "at. 是否截断"
)


@strawberry.type(description="What no member of an alliance covers. 缺口")
class AllianceGapEdge:
    cursor: str = strawberry.field(description="Where it stands in the list. 游标")
    studios: int = strawberry.field(
        description="How many studios around the alliance cover it. 周边具备的工作室数"
    )
    node = reference_field(
        coverage.GAP_NODE_PLAN, Record, "An occupation or an industry. 职业或行业"
    )


@strawberry.type(
    description="What studios around an alliance cover and none of its members does: first what "
    "most of them cover. 缺口列表"
)
class AllianceGapConnection:
    total_count: int = strawberry.field(description="How many there are. 总数")
    page_info: PageInfo = strawberry.field(description="Where the page stands. 分页信息")
    edges: list[AllianceGapEdge] = strawberry.field(description="Those of this page. 本页缺口")
    nodes = reference_field(
        coverage.GAP_NODES_PLAN, list_type(Record), "The same, without their edges. 本页职业和行业"
    )
    cut: bool = strawberry.field(description=CUT_DESCRIPTION)


@strawberry.type(description="A studio that would close gaps of an alliance. 候选成员")
class AllianceCandidateEdge:
    cursor: str = strawberry.field(description="Where it stands in the list. 游标")
    adds = reference_field(
        coverage.ADDED_CAPABILITIES_PLAN,
        list_type(Record),
        "The occupations and industries that it adds to the alliance and to those before it in "
        "the list. 可补充的职业和行业",
    )
    node = reference_field(coverage.CANDIDATE_NODE_PLAN, entity_type(STUDIO), "The studio. 工作室")


@strawberry.type(
    description="Studios around an alliance that together close its gaps: each time the one that "
    "closes most of those still open, till nobody closes any; 100 at most. 候选成员列表"
)
class AllianceCandidateConnection:
    total_count: int = strawberry.field(description="How many it takes. 总数")
    page_info: PageInfo = strawberry.field(description="Where the page stands. 分页信息")
    edges: list[AllianceCandidateEdge] = strawberry.field(
        description="The studios of this page, each with what it adds. 本页候选成员"
    )
    nodes = reference_field(
        coverage.CANDIDATE_NODES_PLAN,
        list_type(entity_type(STUDIO)),
        "The studios of this page, without their edges. 本页工作室",
    )
    cut: bool = strawberry.field(description=CUT_DESCRIPTION)


@strawberry.type(description="What an alliance would lose with a member. 成员退出的损失")
class AllianceLoss:
    occupations = reference_field(
        coverage.LOST_OCCUPATIONS_PLAN,
        list_type(entity_type(OCCUPATION)),
        "That no other member covers. 将失去的职业",
    )
    industries = reference_field(
        coverage.LOST_INDUSTRIES_PLAN,
        list_type(entity_type(INDUSTRY)),
        "That no other member covers. 将失去的行业",
    )
    outcome_count: int = strawberry.field(
        description="Outcomes in which no other member had a part. 将失去的成果数"
    )
    outcomes = reference_field(
        coverage.LOST_OUTCOMES_PLAN,
        list_type(entity_type(OUTCOME)),
        "Those, 100 at most. 将失去的成果",
    )


ON_ARGUMENT = argument(
    "on", nullable_type(Day), description="What held on that day; today unasked. 日期"
)
GAPS_FIELD = multistep_field(
    coverage.GAPS_PLAN,
    AllianceGapConnection,
    "Occupations and industries that studios in the alliance's region cover and no member does; "
    "in the provinces of its members, if it lies in no region. 能力缺口",
    [ON_ARGUMENT, *page_arguments()],
)
CANDIDATES_FIELD = multistep_field(
    coverage.CANDIDATES_PLAN,
    AllianceCandidateConnection,
    "Studios of that region, no members, that would close most gaps. 候选成员",
    [ON_ARGUMENT, *page_arguments()],
)
WITHOUT_FIELD = multistep_field(
    coverage.LOSS_PLAN,
    nullable_type(AllianceLoss),
    "What would be lost without a member; null if there is no such member. 若某成员退出",
    [argument("member", str, description="The member's code. 成员编码"), ON_ARGUMENT],
)
