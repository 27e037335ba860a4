"""The tables: columns, constraints, enums, and the rules of a single row."""

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
from models.history import make_history_tables, model_table, table_models
from models.honour import Conferral, Criterion, Honour, Ladder, Rung, SelectionStage
from models.organisation import Organisation, OrganisationFormerName, OrganisationSuccession
from models.outcome import Contribution, Outcome
from models.partner import Partner, PartnerKey
from models.personal import LegalBasis, PersonalSubject, PersonalValue
from models.policy import Policy
from models.position import Position
from models.promotion import PromotionRule
from models.region import FormerName, Region, RegionAncestor, RegionSuccession
from models.report import Report
from models.rollup import RoundingKey
from models.row import Thing, add_decimal_checks
from models.search import SearchTerm
from models.selection import Nomination, SelectionRound
from models.service_team import ServiceTeam, ServiceTeamMembership
from models.source import Citation, Source
from models.studio import Studio, StudioMembership
from models.subsidy import Grant, SubsidyRule
from models.summary import (
    make_extra_summaries,
    make_summaries,
    make_unrestricted_summaries,
    with_ancestor_summaries,
)
from models.training import Enrolment, Mentorship, Programme, Qualification, TrainingClass
from models.unpublished import UnpublishedGrade, WorkerUnpublished, make_unpublished_summary
from models.vocabulary import Industry, Major, Occupation
from models.worker import Employment, Worker

# Indexes for the default order of things, by name.
for model in table_models(Thing):
    Index(None, model_table(model).c.name_key, model_table(model).c.code)
# An index for filters by exact name, which also match former names.
Index(None, model_table(Organisation).c.name)

for model in table_models():
    add_decimal_checks(model_table(model))
HISTORY_TABLES = make_history_tables()
SUMMARY_BY_MODEL = make_summaries()
UNRESTRICTED_SUMMARIES = make_unrestricted_summaries()
EXTRA_SUMMARIES, EXTRA_UNRESTRICTED_SUMMARIES = (
    make_extra_summaries(),
    make_extra_summaries(whole=True),
)
UNPUBLISHED_SUMMARY = make_unpublished_summary()
# Summaries by audience and owner, those of all rows, and those of unpublished certificates.
AUDIENCE_SUMMARIES = with_ancestor_summaries(
    chain(SUMMARY_BY_MODEL.values(), *EXTRA_SUMMARIES.values())
)
ALL_UNRESTRICTED_SUMMARIES = with_ancestor_summaries(
    chain(UNRESTRICTED_SUMMARIES.values(), *EXTRA_UNRESTRICTED_SUMMARIES.values())
)
ALL_SUMMARIES = [
    *AUDIENCE_SUMMARIES,
    *ALL_UNRESTRICTED_SUMMARIES,
    *with_ancestor_summaries([UNPUBLISHED_SUMMARY]),
]
# Tables that are rebuilt from the others, and so are in no backup.
DERIVED_TABLES = frozenset(
    [
        *(summary.table for summary in ALL_SUMMARIES),
        model_table(UnpublishedGrade),
        model_table(WorkerUnpublished),
    ]
)

__all__ = [
    "ALL_SUMMARIES",
    "ALL_UNRESTRICTED_SUMMARIES",
    "AUDIENCE_SUMMARIES",
    "DERIVED_TABLES",
    "EXTRA_SUMMARIES",
    "EXTRA_UNRESTRICTED_SUMMARIES",
    "HISTORY_TABLES",
    "SUMMARY_BY_MODEL",
    "UNPUBLISHED_SUMMARY",
    "UNRESTRICTED_SUMMARIES",
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
