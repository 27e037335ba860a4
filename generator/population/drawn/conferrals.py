from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from generator.population.chance import Draw
from generator.population.drawn.contests import Contests
from generator.population.drawn.employers import Employers
from generator.population.drawn.entrants import Who
from generator.population.drawn.honours import Honour
from generator.population.drawn.people import NONE, People
from generator.population.drawn.places import Places, Span
from generator.population.drawn.studios import Studios
from generator.population.proportions import number
from models.competition import CompetitionKind
from models.row import Level

YEARS = (2016, 2026)
TRIES = 12  # to find a person of a place who is public already


@dataclass(frozen=True, slots=True)
class Conferral:
    """`to` is a worker, employer, team, studio or district, as the honour's family says."""

    honour: int
    to: int
    year: int
    result: int = NONE


@dataclass(frozen=True)
class Conferring:
    chance: Draw
    honours: list[Honour]
    people: People
    places: Places
    employers: Employers
    studios: Studios
    contests: Contests

    def drawn(self) -> list[Conferral]:
        """Each honour to each recipient once, in the order of the honours."""
        families: defaultdict[str, list[int]] = defaultdict(list)
        for index, honour in enumerate(self.honours):
            families[honour.family].append(index)
        conferrals = {
            (conferral.honour, conferral.to): conferral for conferral in self.for_results(families)
        }
        for family, listed in families.items():
            for _ in range(self.wanted(family)):
                if (drawn := self.one(self.chance.one(listed))) is not None:
                    conferrals.setdefault((drawn.honour, drawn.to), drawn)
        return sorted(
            conferrals.values(),
            key=lambda conferral: (conferral.honour, conferral.year, conferral.to),
        )

    def wanted(self, family: str) -> int:
        """Subtract higher titles, which published counts of "and above" include."""
        workers = len(self.people)
        if family in {"national_experts", "technical_experts"}:
            return 0  # they follow from results
        if family == "innovation_studios" and not len(self.studios):
            return 0
        above = {
            "municipal_craftsmen": ("provincial_craftsmen", "great_craftsmen"),
            "craftsmen": ("municipal_craftsmen",),
        }.get(family, ())
        return max(1, number(family, workers) - sum(number(other, workers) for other in above))

    def one(self, index: int) -> Conferral | None:
        honour, chance = self.honours[index], self.chance
        match honour.family:
            case "advanced_regions" | "practices":
                first, last = self.places.districts_of_province(honour.place)
                to = chance.between(first, last - 1)
            case "innovation_enterprises":
                to = chance.early(len(self.employers))
            case "teams":
                to = chance.index(len(self.employers.teams))
            case "innovation_studios":
                to = chance.early(len(self.studios))
            case _:
                to = self.somebody(self.places.districts_at(honour.level, honour.place))
        return None if to == NONE else Conferral(index, to, chance.between(*YEARS))

    def somebody(self, districts: Span) -> int:
        """Choose the best of a few public workers; a conferral names no one else."""
        first, last = districts
        best = NONE
        for _ in range(TRIES):
            low, high = self.people.of_district(self.chance.between(first, last - 1), None)
            if low == high:
                continue
            worker = self.people.by_place.members[low + self.chance.early(high - low)]
            if self.people.public[worker] and (
                best == NONE or self.people.grade[worker] > self.people.grade[best]
            ):
                best = worker
        return best

    def for_results(self, families: dict[str, list[int]]) -> Iterator[Conferral]:
        """Return the title of an expert for the first place of a skill contest."""
        left = number("technical_experts", len(self.people))
        for index, contest in enumerate(self.contests.contests):
            series = self.contests.series[contest.series]
            result = self.contests.spans[index]
            is_won = result < self.contests.spans[index + 1]
            if series.kind is not CompetitionKind.SKILL or not is_won:
                continue
            if self.contests.who[result] != Who.WORKER:
                continue
            to = self.contests.recipient[result]
            if series.level in {Level.NATIONAL, Level.INTERNATIONAL}:
                yield Conferral(families["national_experts"][0], to, contest.year, result)
            elif series.level is Level.PROVINCIAL and left:
                left -= 1
                honour = families["technical_experts"][series.place]
                yield Conferral(honour, to, contest.year, result)
