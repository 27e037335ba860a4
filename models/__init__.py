"""What is stored: tables, constraints, words, and what is true of one row."""

from itertools import chain

from sqlalchemy import Index

from models.academy import Academy, Teaching
from models.access_log import AccessEntry
from models.alliance import Alliance, AllianceMembership, AllianceSupport
from models.benefit import Benefit
from models.challenge import Bid, Challenge
from models.change import Change
from models.competition import Competition, CompetitionSeries, PrizeRule, Result
from models.day import BegunDay
from models.dispute import Dispute
from models.erasure import ErasedMark, ErasureRequest
from models.event import Event
from models.facility import Facility
from models.figure import Completeness, Figure, Target
from models.history import make_twins, models_of, stored
from models.honour import Conferral, Criterion, Honour, Ladder, Rung, SelectionStage
from models.organisation import (
    Organisation,
    OrganisationFormerName,
    OrganisationSuccession,
)
from models.outcome import Contribution, Outcome
from models.partner import Partner, PartnerKey
from models.personal import LegalBasis, PersonalSubject, PersonalValue
from models.policy import Policy
from models.position import Position
from models.promotion import PromotionRule
from models.region import FormerName, Region, RegionAncestor, RegionSuccession
from models.report import Report
from models.rollup import RoundingKey
from models.row import Thing, as_kept
from models.search import SearchTerm
from models.selection import Nomination, SelectionRound
from models.service_team import ServiceTeam, ServiceTeamMembership
from models.source import Citation, Source
from models.studio import Studio, StudioMembership
from models.subsidy import Grant, SubsidyRule
from models.summary import kept, make_further, make_summaries, make_whole_summaries
from models.training import (
    Enrolment,
    Mentorship,
    Programme,
    Qualification,
    TrainingClass,
)
from models.unpublished import (
    UnpublishedGrade,
    WorkerUnpublished,
    make_unpublished_summary,
)
from models.vocabulary import Industry, Major, Occupation
from models.worker import Employment, Worker

# Things are listed by name unless asked otherwise.
for model in models_of(Thing):
    Index(None, stored(model).c.name_key, stored(model).c.code)
# A filter finds these by any name that they had, exactly.
Index(None, stored(Organisation).c.name)

for model in models_of():
    as_kept(stored(model))
TWINS = make_twins()
SUMMARIES = make_summaries()
WHOLE_SUMMARIES = make_whole_summaries()
FURTHER_SUMMARIES, FURTHER_WHOLE_SUMMARIES = make_further(), make_further(whole=True)
UNPUBLISHED = make_unpublished_summary()
# Those whose cells are told by their audience, those of all there is, and those of certificates.
CELLS = kept(chain(SUMMARIES.values(), *FURTHER_SUMMARIES.values()))
WHOLE_CELLS = kept(chain(WHOLE_SUMMARIES.values(), *FURTHER_WHOLE_SUMMARIES.values()))
ALL_SUMMARIES = [*CELLS, *WHOLE_CELLS, *kept([UNPUBLISHED])]
# What is worked out anew from the rest: in no backup.
FOLLOWING = frozenset(
    [
        *(summary.table for summary in ALL_SUMMARIES),
        stored(UnpublishedGrade),
        stored(WorkerUnpublished),
    ]
)

__all__ = [
    "ALL_SUMMARIES",
    "CELLS",
    "FOLLOWING",
    "FURTHER_SUMMARIES",
    "FURTHER_WHOLE_SUMMARIES",
    "SUMMARIES",
    "TWINS",
    "UNPUBLISHED",
    "WHOLE_CELLS",
    "WHOLE_SUMMARIES",
    "Academy",
    "AccessEntry",
    "Alliance",
    "AllianceMembership",
    "AllianceSupport",
    "BegunDay",
    "Benefit",
    "Bid",
    "Challenge",
    "Change",
    "Citation",
    "Competition",
    "CompetitionSeries",
    "Completeness",
    "Conferral",
    "Contribution",
    "Criterion",
    "Dispute",
    "Employment",
    "Enrolment",
    "ErasedMark",
    "ErasureRequest",
    "Event",
    "Facility",
    "Figure",
    "FormerName",
    "Grant",
    "Honour",
    "Industry",
    "Ladder",
    "LegalBasis",
    "Major",
    "Mentorship",
    "Nomination",
    "Occupation",
    "Organisation",
    "OrganisationFormerName",
    "OrganisationSuccession",
    "Outcome",
    "Partner",
    "PartnerKey",
    "PersonalSubject",
    "PersonalValue",
    "Policy",
    "Position",
    "PrizeRule",
    "Programme",
    "PromotionRule",
    "Qualification",
    "Region",
    "RegionAncestor",
    "RegionSuccession",
    "Report",
    "Result",
    "RoundingKey",
    "Rung",
    "SearchTerm",
    "SelectionRound",
    "SelectionStage",
    "ServiceTeam",
    "ServiceTeamMembership",
    "Source",
    "Studio",
    "StudioMembership",
    "SubsidyRule",
    "Target",
    "Teaching",
    "TrainingClass",
    "UnpublishedGrade",
    "Worker",
    "WorkerUnpublished",
]
