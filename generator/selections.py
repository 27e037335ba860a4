"""Who was put up for the titles of the ladder, and who rose on it."""

from dataclasses import dataclass

from generator.chance import Chance
from generator.craftsmen import Craftsman
from generator.honours import (
    CITY,
    ENTERPRISE,
    GREAT,
    HEADER,
    PROVINCE,
    SEED,
    STAGES,
    STUDIO,
    conferral,
    stage,
)
from generator.organisations import COUNCIL
from generator.places import ENTERPRISES, NATION
from generator.rows import Row, cited, rows
from generator.sources import source_of
from generator.studios import STUDIOS
from models.row import Audience
from models.selection import NominationStatus as Status

SEEDS = 12


@dataclass(frozen=True)
class Round:
    """So many were selected, not selected, withdrawn; where it is open, so many put up."""

    honour: str
    number: int
    year: int
    opened: str
    closed: str | None
    organiser: str
    selected: int
    others: int
    withdrawn: int = 0
    pending: int = 0

    @property
    def slug(self) -> str:
        return f"{self.honour.removeprefix('demo_honour_')}_{self.number}"

    @property
    def name(self) -> str:
        return f"{NAMES[self.honour]}第{'一二三'[self.number - 1]}批评选"


NAMES = {
    CITY: "示例市工匠",
    PROVINCE: "示例省工匠",
    GREAT: "示例大国工匠",
    STUDIO: "示例模范创新工作室",
    ENTERPRISE: "示例全员创新企业",
}
ROUNDS = (
    Round(CITY, 1, 2021, "2021-03", "2021-07-30", COUNCIL, 8, 4, withdrawn=1),
    Round(CITY, 2, 2023, "2023-03", "2023-08", COUNCIL, 8, 3),
    Round(PROVINCE, 1, 2024, "2024-01-15", "2024-04-20", COUNCIL, 5, 4, withdrawn=1),
    Round(GREAT, 1, 2025, "2025-02", "2025-09", NATION, 2, 2),
    Round(PROVINCE, 2, 2026, "2026-06-01", None, COUNCIL, 0, 0, withdrawn=1, pending=4),
    Round(STUDIO, 1, 2022, "2022-05", "2022-12", "demo_union_b", 4, 2),
    Round(ENTERPRISE, 1, 2023, "2023-06", "2023-11", "demo_union_a", 3, 2, withdrawn=1),
)
PUBLISHED = PROVINCE  # of its rounds it was published who was selected


@dataclass(frozen=True)
class Standing:
    """One who was put up, by whom, and how it ended."""

    round: Round
    number: int
    column: str
    nominee: str
    nominator: str
    region: str
    status: Status

    @property
    def conferral(self) -> str | None:
        selected = self.status is Status.SELECTED
        return f"demo_conferral_{self.round.slug}_{self.number:02d}" if selected else None

    @property
    def stage(self) -> str | None:
        """The last that was passed; only the ladder's rounds have any."""
        if self.column != "worker":
            return None
        if self.status is Status.SELECTED:
            return stage(len(STAGES))
        return stage(1 + self.number % 2) if self.status is Status.NOT_SELECTED else None


Candidate = tuple[str, str, str, str]  # column, code, who puts them up, region


def draw_standings(craftsmen: list[Craftsman], leaders: dict[str, str]) -> list[Standing]:
    """Each rung is reached from the one below."""
    led = set(leaders.values())
    able = [as_worker(one) for one in craftsmen if one.code in led]
    firms = [("organisation", one.code, one.code, one.region) for one in ENTERPRISES]
    found: list[Standing] = []
    for one in ROUNDS:
        holders = {
            (each.round.honour, each.nominee) for each in found if each.status is Status.SELECTED
        }
        below = {PROVINCE: CITY, GREAT: PROVINCE}.get(one.honour)
        pool = {STUDIO: studios_of(one), ENTERPRISE: firms}.get(one.honour, able)
        free = [each for each in pool if (one.honour, each[1]) not in holders]
        risen = [each for each in free if below is None or (below, each[1]) in holders]
        found += draw_round(one, risen)
    return found


def studios_of(one: Round) -> list[Candidate]:
    return [
        ("studio", studio.code, studio.host.code, studio.region)
        for studio in STUDIOS
        if studio.older_than(one.year)
    ]


def as_worker(one: Craftsman) -> Candidate:
    return "worker", one.code, one.employer.code, one.region


def draw_round(one: Round, candidates: list[Candidate]) -> list[Standing]:
    statuses = [
        *[Status.SELECTED] * one.selected,
        *[Status.NOT_SELECTED] * one.others,
        *[Status.WITHDRAWN] * one.withdrawn,
        *[Status.NOMINATED] * one.pending,
    ]
    chosen = Chance(f"nominations {one.slug}").shuffled(candidates)
    return [
        Standing(one, number, *who, status)
        for number, (who, status) in enumerate(zip(chosen, statuses, strict=False), start=1)
    ]


def selection_rounds() -> list[Row]:
    listed = (
        (
            f"demo_round_{one.slug}",
            one.name,
            one.honour,
            one.number,
            one.year,
            one.opened,
            one.closed,
            one.organiser,
        )
        for one in ROUNDS
    )
    return rows("code name honour number year opened closed organiser", *listed)


def nominations(standings: list[Standing]) -> list[Row]:
    """Shown to who put them up, but for those of whom it was published that they were selected."""
    listed = (
        (
            f"demo_nomination_{one.round.slug}_{one.number:02d}",
            f"demo_round_{one.round.slug}",
            *(one.nominee if one.column == name else None for name in COLUMNS),
            one.nominator,
            one.status,
            one.stage,
            one.conferral,
            audience(one),
            one.nominator,
            source_of(one.region),
        )
        for one in standings
    )
    return cited(
        rows(
            f"key selection_round {' '.join(COLUMNS)} nominator nomination_status stage conferral"
            " audience owner sources",
            *listed,
        )
    )


COLUMNS = ("worker", "organisation", "studio")


def audience(one: Standing) -> Audience:
    told = one.round.honour == PUBLISHED and one.status is Status.SELECTED
    return Audience.PUBLIC if told else Audience.OWNER


def conferrals(standings: list[Standing], craftsmen: list[Craftsman]) -> list[Row]:
    """Return the results of the rounds; enterprises name their seeds themselves."""
    chosen = (
        conferral(one.conferral, one.round.honour, one.column, one.nominee, one.round.year,
                  source=source_of(one.region), selection_round=f"demo_round_{one.round.slug}")
        for one in standings
        if one.conferral
    )  # fmt: skip
    fourth = [one for one in craftsmen if int(one.number) % 5 == 4]
    chance = Chance("seeds")
    seeds = (
        conferral(f"demo_conferral_seed_{number:02d}", SEED, "worker", one.code,
                  chance.between(2022, 2026), source=source_of(one.region))
        for number, one in enumerate(chance.shuffled(fourth)[:SEEDS], start=1)
    )  # fmt: skip
    return cited(rows(HEADER, *chosen, *seeds))
