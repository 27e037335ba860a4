from dataclasses import dataclass

from generator.population.chance import Draw
from generator.population.drawn.academies import Academy, draw_academies
from generator.population.drawn.alliances import Alliance, Gathering, draw_alliances
from generator.population.drawn.classes import Classes, draw_classes
from generator.population.drawn.conferrals import Conferral, Conferring
from generator.population.drawn.contests import Contests, draw_contests
from generator.population.drawn.employers import Employers, draw_employers
from generator.population.drawn.honours import Honour, list_honours
from generator.population.drawn.outcomes import draw_outcomes
from generator.population.drawn.people import NONE, People, draw_people
from generator.population.drawn.places import Places, draw_places
from generator.population.drawn.sources import Sources, Unions
from generator.population.drawn.studios import Studios, draw_studios
from generator.population.drawn.trades import Trades, read_trades
from generator.population.numbers import Numbers

UNPLACED = 50  # every so many enterprises have no region on record


@dataclass(frozen=True)
class Population:
    """The draws that rows of several kinds share."""

    seed: int
    places: Places
    unions: Unions
    sources: Sources
    trades: Trades
    employers: Employers
    classes: Classes
    people: People
    academies: list[Academy]
    studios: Studios
    contests: Contests
    outcomes: Numbers  # the studio of each
    alliances: list[Alliance]
    honours: list[Honour]
    conferrals: list[Conferral]

    def chance(self, subject: str) -> Draw:
        """Draws for one kind of rows, so that a change in one leaves the others as they were."""
        return Draw(self.seed, f"rows of {subject}")

    def region_of_worker(self, worker: int) -> str | None:
        district = self.people.district[worker]
        return None if district == NONE else self.places.districts[district].code

    def region_of_enterprise(self, enterprise: int) -> str | None:
        if enterprise % UNPLACED == UNPLACED - 1:
            return None
        return self.places.districts[self.employers.district_of[enterprise]].code

    def region_of_studio(self, studio: int) -> str | None:
        return self.region_of_enterprise(self.studios.employer_of[studio])


def draw_population(workers: int, seed: int) -> Population:
    def chance(subject: str) -> Draw:
        return Draw(seed, subject)

    places, trades = draw_places(workers), read_trades()
    employers = draw_employers(chance("employers"), workers, places, trades)
    classes = draw_classes(chance("classes"), workers, places, trades)
    unions = Unions(places)
    sources = Sources(places, unions, len(classes.district_of_college))
    people = draw_people(seed, workers, places, trades, employers, classes)
    academies = draw_academies(chance("academies"), workers, places, employers)
    studios = draw_studios(chance("studios"), people, employers)
    contests = draw_contests(
        chance("contests"), people, places, trades, employers, classes, studios
    )
    gathering = Gathering.of(places, employers, studios, academies, classes)
    alliances = draw_alliances(chance("alliances"), people, places, studios, gathering)
    honours = list_honours(places, unions)
    conferring = Conferring(
        chance("conferrals"), honours, people, places, employers, studios, contests
    )
    return Population(
        seed,
        places,
        unions,
        sources,
        trades,
        employers,
        classes,
        people,
        academies,
        studios,
        contests,
        draw_outcomes(chance("outcomes"), workers, studios),
        alliances,
        honours,
        conferring.drawn(),
    )
