"""Who placed in the competitions."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from generator.chance import Chance
from generator.contests import CONTESTS, STUDENTS, WORKERS, Contest, Ranks
from generator.craftsmen import Craftsman
from generator.organisations import TEAMS
from generator.places import COUNTRY, ENTERPRISES, PROVINCES, lies_in
from generator.rows import SOURCE, Row, cited, rows
from generator.sources import both, source_of
from generator.studios import STUDIOS
from generator.trainees import Trainee
from models.row import FactStatus, Level
from models.training import EnrolmentStatus

FIRST, SECOND, THIRD, FOURTH = "一等奖", "二等奖", "三等奖", "优秀奖"
NOVICE = timedelta(days=180)


@dataclass(frozen=True)
class Placing:
    """`column` says what the recipient is."""

    key: str
    contest: Contest
    column: str
    recipient: str
    division: str | None
    rank: int

    @property
    def award(self) -> str:
        if self.rank == 1:
            return FIRST
        return SECOND if self.rank <= 3 else THIRD if self.rank <= 6 else FOURTH


def by_recipient(placings: list[Placing]) -> defaultdict[str, list[Placing]]:
    found: defaultdict[str, list[Placing]] = defaultdict(list)
    for one in placings:
        found[one.recipient].append(one)
    return found


def of_trainees(trainees: list[Trainee]) -> list[Placing]:
    chance = Chance("placings")
    found = []
    for contest in CONTESTS:
        rivals = [one for one in trainees if contest.trainees and may_enter(one, contest)]
        # The better they learn, the better they do, but for a day's luck.
        form = {one.code: one.score + chance.between(0, 150) / 10 for one in rivals}
        best = sorted(rivals, key=lambda one: (-form[one.code], one.code))
        for number, (rank, one) in enumerate(zip(contest.trainees, best, strict=False), start=1):
            key = f"demo_result_{contest.slug}_{number:02d}"
            found.append(Placing(key, contest, "worker", one.code, STUDENTS, rank))
    return found


def may_enter(one: Trainee, contest: Contest) -> bool:
    """Nobody competes in the first months of learning."""
    learnt = contest.held_on - one.started >= NOVICE
    there = one.enrolled_on(contest.held_on) and one.status is not EnrolmentStatus.SUSPENDED
    ours = contest.cohort in (None, one.cohort) and one.trade == contest.trade
    return learnt and there and ours


def of_others(craftsmen: list[Craftsman]) -> list[Placing]:
    """Each rank to somebody who lies within the region of the series."""
    found = []
    for contest in CONTESTS:
        chance = Chance(f"placings in {contest.code}")
        studios = [
            one.code
            for one in STUDIOS
            if lies_in(one.region, contest.series.region) and one.older_than(contest.year)
        ]
        regions = [f"demo_province_{slug}" for slug in PROVINCES]
        found += [
            *placed(chance, contest, "worker", entrants(craftsmen, contest), contest.workers),
            *placed(chance, contest, "organisation", builders(contest), contest.organisations),
            *placed(chance, contest, "studio", studios, contest.studios),
            *placed(chance, contest, "recipient_region", regions, contest.regions),
        ]
    return found


def entrants(craftsmen: list[Craftsman], contest: Contest) -> list[str]:
    return [
        one.code
        for one in craftsmen
        if contest.trade in {None, one.trade}
        and lies_in(one.region, contest.series.region)
        and not one.learning
        and (contest.series.level is not Level.ENTERPRISE or one.employer.code == contest.host)
    ]


def builders(contest: Contest) -> list[str]:
    """Enterprises, and shifts of theirs."""
    shifts = [(code, ENTERPRISES[number - 1].region) for code, (_, number) in TEAMS.items()]
    listed = [*((one.code, one.region) for one in ENTERPRISES), *shifts]
    return [code for code, region in listed if lies_in(region, contest.series.region)]


def placed(
    chance: Chance, contest: Contest, column: str, rivals: list[str], ranks: Ranks
) -> list[Placing]:
    if not ranks:
        return []
    division = WORKERS if column == "worker" else None
    stem = f"demo_result_{contest.slug}_{column[0]}"
    return [
        Placing(f"{stem}{number:02d}", contest, column, code, division, rank)
        for number, (rank, code) in enumerate(
            zip(ranks, chance.shuffled(rivals), strict=False), start=1
        )
    ]


def results(placings: list[Placing]) -> list[Row]:
    chance = Chance("scores of contests")
    best = {one.code: chance.between(930, 980) for one in CONTESTS}
    listed = (
        (
            one.key,
            one.contest.code,
            *(one.recipient if one.column == column else None for column in COLUMNS),
            one.rank,
            one.award,
            one.division,
            (best[one.contest.code] - 14 * (one.rank - 1)) / 10,  # a rank shared is a score shared
            *vouched(one),
        )
        for one in placings
    )
    header = f"key competition {' '.join(COLUMNS)} rank award division score status sources"
    return cited(rows(header, *listed))


COLUMNS = ("worker", "organisation", "studio", "recipient_region")


def vouched(one: Placing) -> tuple[FactStatus, str]:
    """Return the sources; a paper reported the winner of a national contest, which is verified."""
    if one.division == STUDENTS:
        return FactStatus.ASSERTED, SOURCE
    region = one.contest.series.region
    if one.rank == 1 and region == COUNTRY:
        return FactStatus.VERIFIED, both(region)
    return FactStatus.ASSERTED, source_of(region)
