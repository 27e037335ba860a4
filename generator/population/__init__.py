"""A fictional population of any size: the same for the same size and seed."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import models
from generator.chance import SEED
from generator.population.drawn.population import Population, draw_population
from generator.population.kinds import (
    Rows,
    academies,
    alliances,
    challenges,
    contests,
    contributions,
    employments,
    enrolments,
    figures,
    honours,
    learning,
    mentorships,
    money,
    occasions,
    organisations,
    outcomes,
    places,
    policies,
    positions,
    prizes,
    promotions,
    qualifications,
    results,
    selections,
    service_teams,
    sources,
    studios,
    vocabulary,
    workers,
)
from models.row import Row

__all__ = ["KINDS", "SEED", "Kind", "population", "rows_of"]


class Kind(NamedTuple):
    """`to_a_worker` is about how many rows there are: it tells how much remains to be written."""

    model: type[Row]
    rows: Callable[[Population], Rows]
    to_a_worker: float = 0.0


# In the order in which they can be written: what is referred to comes first.
KINDS = (
    Kind(models.Region, places.regions),
    Kind(models.FormerName, places.former_names),
    Kind(models.RegionSuccession, places.region_successions),
    Kind(models.Industry, vocabulary.industries),
    Kind(models.Occupation, vocabulary.occupations),
    Kind(models.Major, vocabulary.majors),
    Kind(models.Organisation, organisations.organisations, 0.007),
    Kind(models.OrganisationFormerName, organisations.organisation_former_names, 0.0002),
    Kind(models.OrganisationSuccession, organisations.organisation_successions),
    Kind(models.Source, sources.sources),
    Kind(models.Policy, policies.policies),
    Kind(models.Facility, occasions.facilities, 0.001),
    Kind(models.Event, occasions.events),
    Kind(models.Worker, workers.workers, 1),
    Kind(models.Employment, employments.employments, 0.95),
    Kind(models.Position, positions.positions, 0.001),
    Kind(models.ServiceTeam, service_teams.service_teams),
    Kind(models.ServiceTeamMembership, service_teams.service_team_memberships, 0.004),
    Kind(models.Academy, academies.academies),
    Kind(models.Teaching, academies.teachings),
    Kind(models.CompetitionSeries, contests.series, 0.0006),
    Kind(models.Competition, contests.competitions, 0.005),
    Kind(models.Programme, learning.programmes),
    Kind(models.TrainingClass, learning.training_classes, 0.0066),
    Kind(models.Enrolment, enrolments.enrolments, 0.26),
    Kind(models.Mentorship, mentorships.mentorships, 0.12),
    Kind(models.Studio, studios.studios, 0.02),
    Kind(models.StudioMembership, studios.studio_memberships, 0.14),
    Kind(models.Outcome, outcomes.outcomes, 0.13),
    Kind(models.Contribution, contributions.contributions, 0.1),
    Kind(models.Challenge, challenges.challenges),
    Kind(models.Bid, challenges.bids),
    Kind(models.Alliance, alliances.alliances, 0.001),
    Kind(models.AllianceMembership, alliances.alliance_memberships, 0.015),
    Kind(models.AllianceSupport, alliances.alliance_supports, 0.001),
    Kind(models.Result, results.results, 0.57),
    Kind(models.Qualification, qualifications.qualifications, 1.05),
    Kind(models.Honour, honours.honours),
    Kind(models.Benefit, occasions.benefits),
    Kind(models.Ladder, honours.ladders),
    Kind(models.Rung, honours.rungs),
    Kind(models.SelectionStage, honours.selection_stages),
    Kind(models.Criterion, honours.criteria),
    Kind(models.SelectionRound, selections.selection_rounds, 0.002),
    Kind(models.Conferral, honours.conferrals, 0.008),
    Kind(models.Nomination, selections.nominations, 0.02),
    Kind(models.PromotionRule, promotions.promotion_rules),
    Kind(models.PrizeRule, prizes.prize_rules),
    Kind(models.SubsidyRule, money.subsidy_rules),
    Kind(models.Grant, money.grants, 0.006),
    Kind(models.Figure, figures.figures, 0.003),
    Kind(models.Target, figures.targets),
    Kind(models.Completeness, figures.completeness),
    Kind(models.Citation, sources.citations, 0.025),
)


def rows_of(workers: int) -> float:
    """About how many rows there will be."""
    return workers * sum(kind.to_a_worker for kind in KINDS)


def population(workers: int, seed: int) -> Iterator[tuple[type[Row], Rows]]:
    """Kind by kind; the rows of one are made while they are taken."""
    drawn = draw_population(workers, seed)
    for kind in KINDS:
        yield kind.model, kind.rows(drawn)
