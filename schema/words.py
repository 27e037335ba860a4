"""Enums of the schema, with the Chinese term of each value."""

from collections.abc import Iterable
from enum import Enum, EnumType
from typing import Any, cast

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from engine.kind import Spells
from kit.quantity import Qualifier
from kit.words import LabelledEnum
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
from resolvers.answer import GeneratedEnum
from resolvers.collaborator_reasons import ReasonKind
from resolvers.collaborator_score import LinkKind
from resolvers.figure import FigureScope
from resolvers.registered import Coverage, PartialReason
from resolvers.rising import PromotionStanding
from resolvers.rollup import Apportion, RollupDimension, RollupMeasure

# Published in one place, because generated types need them before the entities do.
ENUM_DESCRIPTIONS: dict[type[Enum], str] = {
    AccessAction: "What was done with personal data. 操作",
    AllianceKind: "What kind of alliance it is. 联盟类别",
    Apportion: "How an outcome of several is divided among the regions in which they lie: "
    "EQUAL, all have the same part; LEADER, it is all the leading studio's. 分摊方式",
    AwardClass: "What class of prize an award is: 第一名 or 状元 is CHAMPION, 金牌 is GOLD. "
    "奖项等级",
    BenefitKind: "What kind of entitlement it is. 礼遇类别",
    BidStatus: "How a bid fared. 申报状态",
    ChallengeStatus: "How a challenge stands. 揭榜课题状态",
    ChangeKind: "What happened to a record. 变更类别",
    CompetitionKind: "What is competed in. 竞赛类别",
    Coverage: "Whether the registry's records are declared complete, to a viewer who may list all "
    "of them. 覆盖情况",
    DisputeOutcome: "What came of a dispute: the record was corrected, was retracted, or stays as "
    "it was. 异议处理结果",
    DisputeStatus: "How a dispute stands. 异议状态",
    EnrolmentStatus: "How an enrolment stands. 学籍状态",
    ErasureStatus: "How a request to be erased stands. 删除申请状态",
    EventKind: "What kind of event it is. 活动类别",
    FacilityKind: "What kind of place it is. 场所类别",
    FactStatus: "How far a fact is settled. 状态",
    FigurePeriod: "What stretch of time a number is about. 统计期间",
    FigureScope: "Of the region itself, or of all that lies in it too. 统计范围",
    Grade: "The eight grades of skill, from the lowest. 新八级工技能等级",
    LeftReason: "Why a membership ended. 退出原因",
    LinkKind: "What links two studios, from the closest. 联系类别",
    Level: "One enum for every level, of regions and of what is granted or held there. 级别",
    NominationStatus: "How a nomination fared. 评选结果",
    OrganisationKind: "What kind of body it is. 单位类别",
    OutcomeKind: "What came of the work. 成果类别",
    PartialReason: "Why a number can't be compared with what was published. 不可比的原因",
    PersonalField: "What is held of a person, and only read with keys. 个人信息字段",
    PolicyKind: "What kind of document it is. 政策类别",
    PositionKind: "What kind of office it is. 任职类别",
    PromotionStanding: "What a place in a contest comes to. 晋级资格状态",
    QualificationBasis: "On what a certificate was given. 取证依据",
    Qualifier: "Whether a number is exact, a bound or an estimate. 限定",
    ReasonKind: "What a reason for working together is about. 理由类别",
    RecipientKind: "Whom an honour is for. 授予对象",
    RollupDimension: "By what the rows of a roll-up may be parted. 汇总维度",
    RollupMeasure: "What a roll-up counts in a region: records, or patents, or the yuan of those "
    "outcomes that are verified. 汇总指标",
    Spells: "Spells that hold today, or all that are on record. 现行或全部",
    SearchForm: "What of a record a search has found it by. 匹配方式",
    StudioKind: "What kind of studio or team it is. 工作室类别",
    StudioRole: "What a worker is in a studio. 工作室角色",
    SubsidyKind: "What kind of money it is. 补助类别",
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
