import strawberry

import resolvers.collaborators.alliance_coverage as coverage
from resolvers.outcome import OUTCOME
from resolvers.studio import STUDIO
from resolvers.vocabulary import INDUSTRY, OCCUPATION
from schema.types.computed_fields import multistep_field, reference_field
from schema.types.connections import PageInfo
from schema.types.factory import argument, entity_type, list_type, nullable_type, page_arguments
from schema.types.node import Record
from schema.types.scalars import Day

CUT_DESCRIPTION = (
    "True if there are more than 2000 studios around the alliance. Then only the first 2000, by "
    "code, were examined. 是否截断"
)


@strawberry.type(
    description="An occupation or industry that no member of the alliance covers. 缺口"
)
class AllianceGapEdge:
    cursor: str = strawberry.field(
        description="Position of this record in the list, as an opaque cursor. 游标"
    )
    studios: int = strawberry.field(
        description="Number of studios near the alliance that cover it. 周边具备的工作室数"
    )
    node = reference_field(
        coverage.GAP_NODE_PLAN, Record, "An occupation or an industry. 职业或行业"
    )


@strawberry.type(
    description="Occupations and industries that studios near an alliance cover, but no member "
    "covers. Sorted by the number of studios, largest first. 缺口列表"
)
class AllianceGapConnection:
    total_count: int = strawberry.field(
        description="Number of items in the list, over all pages. 总数"
    )
    page_info: PageInfo = strawberry.field(description="Information about this page. 分页信息")
    edges: list[AllianceGapEdge] = strawberry.field(
        description="The gaps of this page, each with its cursor. 本页缺口"
    )
    nodes = reference_field(
        coverage.GAP_NODES_PLAN,
        list_type(Record),
        "The occupations and industries of this page, without cursors. 本页职业和行业",
    )
    cut: bool = strawberry.field(description=CUT_DESCRIPTION)


@strawberry.type(description="A studio that would close gaps of an alliance. 候选成员")
class AllianceCandidateEdge:
    cursor: str = strawberry.field(
        description="Position of this record in the list, as an opaque cursor. 游标"
    )
    adds = reference_field(
        coverage.ADDED_CAPABILITIES_PLAN,
        list_type(Record),
        "Occupations and industries that neither the alliance nor an earlier studio of the list "
        "covers. 可补充的职业和行业",
    )
    node = reference_field(coverage.CANDIDATE_NODE_PLAN, entity_type(STUDIO), "The studio. 工作室")


@strawberry.type(
    description="Studios near an alliance that together close its gaps. Each studio in the list "
    "closes the most of the gaps that are still open. At most 100. 候选成员列表"
)
class AllianceCandidateConnection:
    total_count: int = strawberry.field(description="Number of studios in the list. 总数")
    page_info: PageInfo = strawberry.field(description="Information about this page. 分页信息")
    edges: list[AllianceCandidateEdge] = strawberry.field(
        description="The studios of this page, each with what it would add. 本页候选成员"
    )
    nodes = reference_field(
        coverage.CANDIDATE_NODES_PLAN,
        list_type(entity_type(STUDIO)),
        "The studios of this page, without cursors. 本页工作室",
    )
    cut: bool = strawberry.field(description=CUT_DESCRIPTION)


@strawberry.type(description="Loss of an alliance if a member left. 成员退出的损失")
class AllianceLoss:
    occupations = reference_field(
        coverage.LOST_OCCUPATIONS_PLAN,
        list_type(entity_type(OCCUPATION)),
        "Occupations that no other member covers. 将失去的职业",
    )
    industries = reference_field(
        coverage.LOST_INDUSTRIES_PLAN,
        list_type(entity_type(INDUSTRY)),
        "Industries that no other member covers. 将失去的行业",
    )
    outcome_count: int = strawberry.field(
        description="Number of outcomes to which no other member contributed. 将失去的成果数"
    )
    outcomes = reference_field(
        coverage.LOST_OUTCOMES_PLAN,
        list_type(entity_type(OUTCOME)),
        "Outcomes to which no other member contributed. At most 100. 将失去的成果",
    )


ON_ARGUMENT = argument(
    "on",
    nullable_type(Day),
    description="The day to which the answer applies. Default: today in China. 日期",
)
GAPS_FIELD = multistep_field(
    coverage.GAPS_PLAN,
    AllianceGapConnection,
    "Occupations and industries that studios of the alliance's region cover, but no member "
    "covers. If the alliance has no region, the provinces of its members are used. 能力缺口",
    [ON_ARGUMENT, *page_arguments()],
)
CANDIDATES_FIELD = multistep_field(
    coverage.CANDIDATES_PLAN,
    AllianceCandidateConnection,
    "Studios of the same area, not yet members, that would close the most gaps. 候选成员",
    [ON_ARGUMENT, *page_arguments()],
)
WITHOUT_FIELD = multistep_field(
    coverage.LOSS_PLAN,
    nullable_type(AllianceLoss),
    "Loss of the alliance if a member left. Null if there is no such member. 若某成员退出",
    [argument("member", str, description="Code of the member. 成员编码"), ON_ARGUMENT],
)
