"""Enums of the schema, with the Chinese term of each value."""

from collections.abc import Iterable
from enum import Enum, EnumType
from typing import Any, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from engine.catalog.kind import Spells
from kit.values.labelled_enum import LabelledEnum
from kit.values.quantity import Qualifier
from models.access_log import AccessAction
from models.alliance import AllianceKind, LeftReason
from models.award import AwardClass
from models.benefit import BenefitKind
from models.challenge import BidStatus, ChallengeStatus
from models.change import ChangeKind
from models.competition import CompetitionKind
from models.dispute import DisputeOutcome, DisputeStatus
from models.erasure import ErasureStatus
from models.event import EventKind
from models.facility import FacilityKind
from models.figure import FigurePeriod
from models.honour import RecipientKind
from models.organisation import OrganisationKind
from models.outcome import OutcomeKind
from models.personal import PersonalField
from models.policy import PolicyKind
from models.position import PositionKind
from models.row import FactStatus, Level
from models.search import SearchForm
from models.selection import NominationStatus
from models.studio import StudioKind, StudioRole
from models.subsidy import SubsidyKind
from models.training import EnrolmentStatus, QualificationBasis
from models.worker import Grade
from resolvers.cohort.promotion_rules import PromotionStanding
from resolvers.collaborators.reasons import ReasonKind
from resolvers.collaborators.score import LinkKind
from resolvers.core.records import GeneratedEnum
from resolvers.figure import FigureScope
from resolvers.rollup.registered import Coverage, PartialReason
from resolvers.rollup.request import Apportion, RollupDimension, RollupMeasure

# Published in one place, because generated types need them before the entities do.
ENUM_DESCRIPTIONS: dict[type[Enum], str] = {
    AccessAction: "Action on personal data. 操作",
    AllianceKind: "Type of alliance. 联盟类别",
    Apportion: "How a shared outcome is divided among the regions of its studios. EQUAL: "
    "equal parts. LEADER: all to the region of the leading studio. 分摊方式",
    AwardClass: "Class of an award. 第一名 and 状元 are CHAMPION, 金牌 is GOLD. 奖项等级",
    BenefitKind: "Type of benefit. 礼遇类别",
    BidStatus: "Status of a bid. 申报状态",
    ChallengeStatus: "Status of a challenge. 揭榜课题状态",
    ChangeKind: "Type of change to a record. 变更类别",
    CompetitionKind: "Type of competition. 竞赛类别",
    Coverage: "Whether the records are declared complete and the viewer may list all of "
    "them. 覆盖情况",
    DisputeOutcome: "Result of a dispute: the record was corrected, retracted or kept "
    "unchanged. 异议处理结果",
    DisputeStatus: "Status of a dispute. 异议状态",
    EnrolmentStatus: "Status of an enrolment. 学籍状态",
    ErasureStatus: "Status of an erasure request. 删除申请状态",
    EventKind: "Type of event. 活动类别",
    FacilityKind: "Type of facility. 场所类别",
    FactStatus: "Degree of certainty of a fact. 状态",
    FigurePeriod: "Type of period that a number covers. 统计期间",
    FigureScope: "Whether a list covers the region itself only or also all regions below it. "
    "统计范围",
    Grade: "The eight skill grades, from the lowest to the highest. 新八级工技能等级",
    LeftReason: "Reason why a membership ended. 退出原因",
    LinkKind: "Type of link between two studios, closest first. 联系类别",
    Level: "Level of a region, or of a title, studio or competition. 级别",
    NominationStatus: "Status of a nomination. 评选结果",
    OrganisationKind: "Type of organisation. 单位类别",
    OutcomeKind: "Type of outcome. 成果类别",
    PartialReason: "Reason why the registry's count is not comparable with the published "
    "number. 不可比的原因",
    PersonalField: "Personal data fields. They are stored encrypted, apart from the records. "
    "个人信息字段",
    PolicyKind: "Type of policy document. 政策类别",
    PositionKind: "Type of position. 任职类别",
    PromotionStanding: "Promotion status of a competition result. 晋级资格状态",
    QualificationBasis: "Basis on which a certificate was issued. 取证依据",
    Qualifier: "Whether a number is exact, a bound or an estimate. 限定",
    ReasonKind: "Type of reason for two studios to work together. 理由类别",
    RecipientKind: "Type of recipient of an honour. 授予对象",
    RollupDimension: "Dimensions by which the rows of a roll-up can be divided. 汇总维度",
    RollupMeasure: "Numbers that a roll-up counts in a region: records, patents, or the value in "
    "yuan of verified outcomes. 汇总指标",
    Spells: "CURRENT: records valid today. ALL: past records too. 现行或全部",
    SearchForm: "Which name or code of a record a search matched. 匹配方式",
    StudioKind: "Type of studio or team. 工作室类别",
    StudioRole: "Role of a worker in a studio. 工作室角色",
    SubsidyKind: "Type of subsidy. 补助类别",
}

for words, description in ENUM_DESCRIPTIONS.items():
    strawberry.enum(words, description=description)
    definition = cast(Any, words).__strawberry_definition__
    assert isinstance(definition, StrawberryEnumDefinition)
    if issubclass(words, LabelledEnum):
        for value, word in zip(definition.values, words, strict=True):
            value.description = word.label


def make_enum(name: str, members: Iterable[str], description: str) -> Any:
    """Return an enum with members from a declaration; a member's value is the declared word."""
    made = EnumType.__call__(GeneratedEnum, name, {member.upper(): member for member in members})
    return strawberry.enum(made, description=description)
