"""What is stored: tables, constraints, words, and what is true of one row."""

from models.academy import Academy, Teaching
from models.alliance import Alliance, AllianceMembership, AllianceSupport
from models.change import Change
from models.competition import Competition, CompetitionSeries, PrizeRule, Result
from models.figure import Completeness, Figure, Target
from models.history import make_twins
from models.honour import Conferral, Criterion, Honour, Ladder, Rung, SelectionStage
from models.organisation import Organisation
from models.outcome import Outcome
from models.region import FormerName, Region, RegionAncestor
from models.source import Citation, Source
from models.studio import Studio, StudioMembership
from models.training import (
    Enrolment,
    Mentorship,
    Programme,
    Qualification,
    TrainingClass,
)
from models.vocabulary import Industry, Major, Occupation
from models.worker import Employment, Worker

TWINS = make_twins()

__all__ = [
    "TWINS",
    "Academy",
    "Alliance",
    "AllianceMembership",
    "AllianceSupport",
    "Change",
    "Citation",
    "Competition",
    "CompetitionSeries",
    "Completeness",
    "Conferral",
    "Criterion",
    "Employment",
    "Enrolment",
    "Figure",
    "FormerName",
    "Honour",
    "Industry",
    "Ladder",
    "Major",
    "Mentorship",
    "Occupation",
    "Organisation",
    "Outcome",
    "PrizeRule",
    "Programme",
    "Qualification",
    "Region",
    "RegionAncestor",
    "Result",
    "Rung",
    "SelectionStage",
    "Source",
    "Studio",
    "StudioMembership",
    "Target",
    "Teaching",
    "TrainingClass",
    "Worker",
]
