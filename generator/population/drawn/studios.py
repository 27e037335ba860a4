from dataclasses import dataclass

from generator.population.chance import Draw, Weighted
from generator.population.drawn.employers import Employers
from generator.population.drawn.people import NONE, People
from generator.population.numbers import Numbers, numbers
from generator.population.proportions import number, share

CANDIDATES = 5  # the one with the highest grade leads
LED = 0.95
HOSTED = 0.97
YEARS = (2008, 2025)


@dataclass(frozen=True)
class Studios:
    """`employer_of` is where its people work; `members[spans[n]:spans[n + 1]]` are they."""

    employer_of: Numbers
    leader_of: Numbers
    founded: Numbers
    hosted: bytearray
    members: Numbers
    spans: Numbers
    at: dict[int, list[int]]  # by employer

    def __len__(self) -> int:
        return len(self.leader_of)

    def members_of(self, studio: int) -> Numbers:
        return self.members[self.spans[studio] : self.spans[studio + 1]]


def draw_studios(chance: Draw, people: People, employers: Employers) -> Studios:
    """Leaders are public: that they lead has been published."""
    staffed = [n for n in range(len(employers)) if len(range(*people.staff(n)))]
    # A big enterprise has many, but not as many more as it has more people.
    hosts = Weighted((n, len(range(*people.staff(n))) ** 0.8) for n in staffed)
    employer_of, leader_of, founded = numbers(), numbers(), numbers()
    members, spans, hosted = numbers(), numbers([0]), bytearray()
    at: dict[int, list[int]] = {}
    for studio in range(number("studios", len(people)) if staffed else 0):
        employer = chance.among(hosts)
        leader = draw_leader(chance, people, employer)
        employer_of.append(employer)
        leader_of.append(leader)
        founded.append(chance.between(*YEARS))
        hosted.append(chance.happens(HOSTED))
        members.extend(draw_members(chance, people, employer, leader))
        spans.append(len(members))
        at.setdefault(employer, []).append(studio)
        if leader != NONE:
            people.public[leader] = 1
    return Studios(employer_of, leader_of, founded, hosted, members, spans, at)


def draw_leader(chance: Draw, people: People, employer: int) -> int:
    if not chance.happens(LED):
        return NONE
    first, last = people.staff(employer)
    drawn = [people.by_employer.members[chance.between(first, last - 1)] for _ in range(CANDIDATES)]
    return max(drawn, key=lambda worker: people.grade[worker])


def draw_members(chance: Draw, people: People, employer: int, leader: int) -> list[int]:
    first, last = people.staff(employer)
    size = chance.between(1, round(2 * share("members_of_a_studio")) - 1)
    members: dict[int, None] = {}
    for _ in range(min(size, last - first)):
        members[people.by_employer.members[first + chance.early(last - first)]] = None
    members.pop(leader, None)
    return list(members)
