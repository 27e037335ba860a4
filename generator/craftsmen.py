"""Those who work in the enterprises: studios, contests and teams take their people from them."""

from dataclasses import dataclass

from generator.chance import Chance
from generator.names import GIVEN_OF_MENTORS, GIVEN_OF_TRAINEES, Names
from generator.places import ENTERPRISES, TRADES, Enterprise, enterprises_of, union_of
from generator.rows import Row, cited, rows
from generator.sources import source_of
from models.row import Audience
from models.worker import Grade

# What those of one enterprise hold, from its best to its apprentice.
GRADES = (
    (Grade.SENIOR_TECHNICIAN, Grade.SPECIAL_GRADE_TECHNICIAN, Grade.CHIEF_TECHNICIAN),
    (Grade.TECHNICIAN, Grade.SENIOR_TECHNICIAN),
    (Grade.SENIOR, Grade.TECHNICIAN),
    (Grade.INTERMEDIATE, Grade.SENIOR),
    (Grade.APPRENTICE,),
)
# The years in which those began to work.
SINCE = ((1992, 2004), (1998, 2010), (2005, 2014), (2012, 2019), (2024, 2025))
# What those of an enterprise do is on no list.
AS_PUBLISHED = {"demo_enterprise_17": "自由锻锻工", "demo_enterprise_30": "林木种苗工"}
MOVED = 0.2  # of those who are no apprentices: from another enterprise of the trade


@dataclass(frozen=True)
class Craftsman:
    code: str
    name: str
    trade: str
    employer: Enterprise
    since: int
    post: str
    grade: Grade

    @property
    def number(self) -> str:
        return self.code.removeprefix("demo_craftsman_")

    @property
    def region(self) -> str:
        return self.employer.region

    @property
    def learning(self) -> bool:
        return self.grade is Grade.APPRENTICE

    @property
    def occupation(self) -> tuple[str | None, str | None]:
        """On the list, or as published."""
        published = AS_PUBLISHED.get(self.employer.code)
        return (None, published) if published else (f"demo_occupation_{self.trade}", None)


def draw_craftsmen() -> list[Craftsman]:
    chance, names = Chance("craftsmen"), Names(Chance("names of craftsmen"))
    found: list[Craftsman] = []
    for employer in ENTERPRISES:
        for grades, (first, last) in zip(GRADES, SINCE, strict=True):
            learning = grades == (Grade.APPRENTICE,)
            craftsman = Craftsman(
                code=f"demo_craftsman_{len(found) + 1:03d}",
                name=names.draw(GIVEN_OF_TRAINEES if learning else GIVEN_OF_MENTORS),
                trade=employer.trade,
                employer=employer,
                since=chance.between(first, last),
                post=chance.one(TRADES[employer.trade].posts),
                grade=chance.one(grades),
            )
            found.append(craftsman)
    return found


def at(craftsmen: list[Craftsman], employer: str) -> list[Craftsman]:
    """Order craftsmen, the best first."""
    return [one for one in craftsmen if one.employer.code == employer]


def workers(craftsmen: list[Craftsman], public: set[str]) -> list[Row]:
    """`public` are the codes of those of whom something has been published."""
    listed = (
        (
            one.code,
            one.name,
            *one.occupation,
            one.region,
            "true",
            *held(one, one.code in public),
        )
        for one in craftsmen
    )
    return rows(
        "code name occupation occupation_as_published region frontline audience owner", *listed
    )


def held(one: Craftsman, public: bool) -> tuple[Audience, str]:
    """Who may see a craftsman, and who says so: the union, or the employer among its partners."""
    if public:
        return Audience.PUBLIC, union_of(one.region)
    return Audience.SHARED, one.employer.code


def employments(craftsmen: list[Craftsman]) -> list[Row]:
    chance = Chance("employments of craftsmen")
    found: list[tuple[object, ...]] = []
    for one in craftsmen:
        key = f"demo_employment_craftsman_{one.number}"
        others = [rival for rival in enterprises_of(one.trade) if rival is not one.employer]
        came, source = one.since, source_of(one.region)
        if not one.learning and chance.happens(MOVED):
            before, came = chance.one(others), one.since + chance.between(2, 5)
            ended = f"{came - 1}-12"
            found.append((f"{key}_1", one.code, before.code, one.post, one.since, ended, source))
        found.append((f"{key}_2", one.code, one.employer.code, one.post, came, None, source))
    return cited(rows("key worker organisation post started ended sources", *found))
