"""Those who train others."""

from dataclasses import dataclass

from generator.chance import Chance
from generator.names import GIVEN_OF_MENTORS, Names
from generator.places import TRADES, Enterprise, enterprises_of
from generator.rows import COLLEGE, Row, held_by_college, rows
from models.row import Audience

NUMBERS = {"milling": 7, "welding": 7, "robotics": 6}
POSTS = ("首席技师", "高级技师", "技师", "班组长", "企业导师")


@dataclass(frozen=True)
class Mentor:
    code: str
    name: str
    trade: str
    employer: Enterprise
    since: int
    post: str


def draw_mentors() -> list[Mentor]:
    chance, names = Chance("mentors"), Names(Chance("names of mentors"))
    found: list[Mentor] = []
    for trade, number in NUMBERS.items():
        employers = enterprises_of(trade)
        for n in range(number):
            mentor = Mentor(
                code=f"demo_mentor_{len(found) + 1:02d}",
                name=names.draw(GIVEN_OF_MENTORS),
                trade=trade,
                employer=employers[n % len(employers)],
                since=chance.between(1996, 2016),
                post=chance.one(POSTS),
            )
            found.append(mentor)
    return found


def workers(mentors: list[Mentor], public: set[str]) -> list[Row]:
    """`public` are the codes of those who lead a studio; the college asks for the others."""
    listed = (
        (
            one.code,
            one.name,
            f"demo_occupation_{one.trade}",
            one.employer.region,
            "true",
            *held(one, public),
        )
        for one in mentors
    )
    return rows("code name occupation region frontline audience owner", *listed)


def held(one: Mentor, public: set[str]) -> tuple[Audience, str | None]:
    return (Audience.PUBLIC, None) if one.code in public else (Audience.OWNER, COLLEGE)


def employments(mentors: list[Mentor], public: set[str]) -> list[Row]:
    listed = (
        (
            f"demo_employment_{one.code.removeprefix('demo_')}",
            one.code,
            one.employer.code,
            f"{TRADES[one.trade].occupation}{one.post}",
            one.since,
            None,
            held(one, public)[0],
        )
        for one in mentors
    )
    return held_by_college(rows("key worker organisation post started ended audience", *listed))
