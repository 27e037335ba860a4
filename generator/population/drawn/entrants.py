from bisect import bisect_right
from dataclasses import dataclass
from enum import IntEnum

from generator.population.chance import Draw, Weighted
from generator.population.drawn.classes import Classes
from generator.population.drawn.people import NONE, People
from generator.population.drawn.places import Places
from generator.population.drawn.studios import Studios
from models.competition import CompetitionKind
from models.row import Level


class Who(IntEnum):
    """The kind of the recipient of a place; organisations are employers, regions districts."""

    WORKER = 0
    ORGANISATION = 1
    STUDIO = 2
    REGION = 3


RECIPIENTS = {
    CompetitionKind.SKILL: Weighted({Who.WORKER: 98, Who.ORGANISATION: 2}),
    CompetitionKind.LABOUR: Weighted({Who.WORKER: 70, Who.ORGANISATION: 25, Who.REGION: 5}),
    CompetitionKind.INNOVATION: Weighted({Who.WORKER: 60, Who.STUDIO: 35, Who.ORGANISATION: 5}),
    CompetitionKind.ENTREPRENEURSHIP: Weighted({Who.WORKER: 60, Who.ORGANISATION: 40}),
}


@dataclass(frozen=True, slots=True)
class Series:
    """`place` is one of its level's, or an employer."""

    level: Level
    kind: CompetitionKind
    place: int
    trade: int  # NONE for other than skill contests
    editions: int


class Entrants:
    """Candidates for one contest: of its place and, if it has one, of its trade."""

    def __init__(
        self,
        chance: Draw,
        people: People,
        places: Places,
        classes: Classes,
        studios: Studios,
        series: Series,
        year: int,
    ) -> None:
        self.chance, self.people, self.classes, self.studios = chance, people, classes, studios
        self.series, self.year = series, year
        self.trade = None if series.trade == NONE else series.trade
        self.upto = places.inhabited.upto
        first, last = places.districts_at(series.level, series.place)
        self.low = self.upto[first - 1] if first else 0.0
        self.width = self.upto[last - 1] - self.low
        self.last = last - 1

    def draw(self, limit: int) -> list[tuple[Who, int]]:
        """Each once, from the first place on; who took part before is likelier to come again."""
        entrants: dict[tuple[Who, int], None] = {}
        recipients = RECIPIENTS[self.series.kind]
        for _ in range(3 * max(1, limit)):
            worker = self.one()
            if worker != NONE and self.may_enter(worker):
                entrants[self.recipient(self.chance.among(recipients), worker)] = None
                if len(entrants) >= limit:
                    break
        return list(entrants)

    def one(self) -> int:
        people = self.people
        if self.series.level is Level.ENTERPRISE:
            members, (first, last) = people.by_employer.members, people.staff(self.series.place)
        else:
            share = self.low + self.chance.draw() * self.width
            district = bisect_right(self.upto, share, 0, self.last)
            members = people.by_place.members
            first, last = people.of_district(district, self.trade)
        return members[first + self.chance.early(last - first)] if first < last else NONE

    def may_enter(self, worker: int) -> bool:
        """Students not in their first year."""
        if not self.people.is_student(worker):
            return True
        return self.year > self.classes.cohort_of[self.people.class_of[worker]]

    def recipient(self, kind: Who, worker: int) -> tuple[Who, int]:
        """Return the worker's own employer, studio or district, if there is one."""
        employer, district = self.people.employer[worker], self.people.district[worker]
        if kind is Who.ORGANISATION and employer != NONE:
            return kind, employer
        if kind is Who.STUDIO and employer in self.studios.at:
            return kind, self.chance.one(self.studios.at[employer])
        if kind is Who.REGION and district != NONE:
            return kind, district
        return Who.WORKER, worker
