"""A fictional population: the same every time, apart from the real, in published proportions."""

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from generator.population import KINDS, population, rows_of
from generator.population.chance import Draw
from generator.population.drawn.employers import draw_employers
from generator.population.drawn.places import draw_places
from generator.population.drawn.trades import read_trades
from generator.population.proportions import PROPORTIONS, share
from kit.db.column_types import EnumText
from kit.values.partial_date import first_day
from models.competition import Result
from models.history import model_table, table_models
from models.honour import Conferral
from models.organisation import Organisation
from models.outcome import Outcome, OutcomeKind
from models.region import Region
from models.row import Audience, FactStatus, Row
from models.source import Citation
from models.studio import Studio, StudioMembership, StudioRole
from models.training import (
    Enrolment,
    EnrolmentStatus,
    Mentorship,
    Qualification,
    QualificationBasis,
)
from models.worker import Employment, Grade, Worker
from resolvers.writing.proposal import enterable_columns, referenced_models

ROOT = Path(__file__).parent.parent.parent
WORKERS, SEED = 4000, 1
DATES = {"started", "ended", "joined", "left", "issued_on", "held_on", "published_on"}

Made = dict[type[Row], dict[str, dict[str, Any]]]  # rows by kind and key


def key_of(row: dict[str, Any]) -> str:
    return str(row.get("code") or row["id"])


@pytest.fixture(scope="module")
def made() -> Made:
    return {model: {key_of(row): row for row in rows} for model, rows in population(WORKERS, SEED)}


def every(made: Made) -> Iterator[tuple[type[Row], dict[str, Any]]]:
    for model, rows in made.items():
        for row in rows.values():
            yield model, row


def published(name: str) -> list[dict[str, str]]:
    path = ROOT / "examples" / "published" / name
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


DIGEST = """
import sys
from hashlib import sha256
from generator.population import population
for seed in sys.argv[1:]:
    found = sha256()
    for model, rows in population(500, int(seed)):
        for row in rows:
            found.update(repr(list(row.items())).encode())
    print(found.hexdigest())
"""


def digests(*seeds: int, hashing: str) -> list[str]:
    """In a process of its own, whose sets and dictionaries are ordered its own way."""
    command = [sys.executable, "-c", DIGEST, *map(str, seeds)]
    done = subprocess.run(
        command, cwd=ROOT, env={"PYTHONHASHSEED": hashing}, capture_output=True, check=True
    )
    return done.stdout.decode().split()


def test_one_size_and_seed_give_the_same_rows_in_every_process() -> None:
    first, other = digests(1, 2, hashing="1")
    assert digests(1, hashing="2") == [first]
    assert other != first


@pytest.mark.parametrize("workers", [1, 2, 30])
def test_a_population_may_have_any_size(workers: int) -> None:
    found = {model: list(rows) for model, rows in population(workers, SEED)}
    assert len(found[Worker]) == workers
    levels = Counter(row["level"] for row in found[Region])
    assert levels["PROVINCIAL"] == 3
    assert found.keys() == KINDS.keys()


def test_every_kind_has_its_rows(made: Made) -> None:
    assert {model for model, rows in made.items() if rows} == set(table_models())


def test_every_key_is_a_demonstration_s(made: Made) -> None:
    keys = [key for model, rows in made.items() if model is not Citation for key in rows]
    assert [key for key in keys if not key.startswith("demo_")] == []


def test_what_is_referred_to_comes_first(made: Made) -> None:
    known: set[tuple[type[Row], str]] = set()
    for model, row in every(made):
        for column, target in referenced_models(model):
            if row.get(column) is not None:
                assert (target, row[column]) in known or column == "owner_id", (column, row)
        known.add((model, key_of(row)))
    for model, row in every(made):
        if row.get("owner_id") is not None:
            assert row["owner_id"] in made[Organisation], (model, row)


def test_columns_are_the_table_s(made: Made) -> None:
    for model, row in every(made):
        assert row.keys() <= set(model_table(model).columns.keys()), model


def test_nobody_bears_the_name_of_a_published_person(made: Made) -> None:
    names = {row["name"] for row in published("workers.csv")}
    assert names.isdisjoint(row["name"] for row in made[Worker].values())


def test_every_word_of_every_list_comes_up(made: Made) -> None:
    there: dict[type[StrEnum], set[Any]] = {}
    for model, rows in made.items():
        for column in enterable_columns(model):
            if isinstance(column.type, EnumText):
                found = there.setdefault(column.type.words, set())
                default = model.model_fields[column.key].get_default()
                found |= {row.get(column.key, default) for row in rows.values()}
    missing = {words.__name__: set(words) - found for words, found in there.items()}
    assert {name: words for name, words in missing.items() if words} == {}


# Nobody publishes these of what doesn't exist, and invented regions are as old as the country.
NEVER_FILLED = {
    "name_en",
    "name_as_published",
    "note",
    "url",
    "Region.started",
    "Region.ended",
    "Major.parent_id",
}


def test_no_column_is_empty_throughout(made: Made) -> None:
    empty = {
        f"{model.__name__}.{column.key}"
        for model, rows in made.items()
        for column in enterable_columns(model)
        if column.nullable and column.key not in NEVER_FILLED | {"owner_id"}
        and all(row.get(column.key) is None for row in rows.values())
    }  # fmt: skip
    assert empty - NEVER_FILLED == set()


def test_nothing_tells_of_anybody_more_than_may_be_known_of_them(made: Made) -> None:
    reach = {"PROTECTED": -1, "OWNER": 0, "SHARED": 1, "PUBLIC": 2}

    def reach_of(model: type[Row], row: dict[str, Any]) -> int:
        return reach[row.get("audience", model.model_fields["audience"].default)]

    for model, row in every(made):
        for column, target in referenced_models(model):
            if target is Worker and row.get(column) is not None:
                person = made[Worker][row[column]]
                assert reach_of(model, row) <= reach[person["audience"]], (model, row)
    audiences = Counter(row["audience"] for row in made[Worker].values())
    assert audiences["OWNER"] > WORKERS / 2
    assert min(audiences["PUBLIC"], audiences["SHARED"]) > 0


def test_what_is_never_public_is_not(made: Made) -> None:
    """Bulk filling checks nothing: the population follows the rules of publication by itself."""

    def shown(model: type[Row]) -> list[dict[str, Any]]:
        default = model.model_fields["audience"].default
        rows = made[model].values()
        return [row for row in rows if row.get("audience", default) is Audience.PUBLIC]

    published = {
        row.get("worker_id")
        for model in (Conferral, Result, Qualification, StudioMembership)
        for row in shown(model)
        if row.get("status") is not FactStatus.RETRACTED
        and row.get("studio_role", StudioRole.LEADER) is StudioRole.LEADER
    }
    public = {key_of(row) for row in shown(Worker)}
    assert public
    assert public <= published
    assert shown(Enrolment) == []
    trainees = {row["trainee_id"] for row in made[Enrolment].values()}
    assert trainees.isdisjoint(row["apprentice_id"] for row in shown(Mentorship))
    assert trainees.intersection(row["apprentice_id"] for row in made[Mentorship].values())


def test_nothing_happens_after_october_2026(made: Made) -> None:
    days = [first_day(row[name]) for _, row in every(made) for name in DATES if row.get(name)]
    assert max(days).isoformat() < "2026-11"


def test_students_have_no_work_and_mentors_only_while_they_learn(made: Made) -> None:
    enrolled = {row["trainee_id"]: row for row in made[Enrolment].values()}
    begun: dict[str, str] = {}
    for row in made[Enrolment].values():
        begun.setdefault(row["trainee_id"], row["started"])
    for row in made[Employment].values():
        enrolment = enrolled.get(row["worker_id"])
        if enrolment is not None:
            assert enrolment["ended"] is not None
            assert row.get("started") is None or row["started"] > enrolment["ended"][:7]
    for row in made[Mentorship].values():
        enrolment = enrolled.get(row["apprentice_id"])
        if enrolment is not None:
            assert row["started"] > begun[row["apprentice_id"]][:4]
            assert enrolment["ended"] is None or row["ended"] <= enrolment["ended"]
    staying = {EnrolmentStatus.ENROLLED, EnrolmentStatus.SUSPENDED}
    for row in made[Enrolment].values():
        if row["enrolment_status"] in staying:
            assert row["ended"] is None


def test_a_place_promotes_its_holder_in_the_autumn_after(made: Made) -> None:
    won = [row for row in made[Qualification].values() if row.get("based_on_id")]
    assert won
    for row in won:
        result = made[Result][row["based_on_id"]]
        assert result["worker_id"] == row["worker_id"]
        assert row["basis"] is QualificationBasis.COMPETITION


def test_proportions_are_the_published_ones() -> None:
    figures = {row["key"]: float(row["quantity_value"]) for row in published("figures.csv")}
    for name, one in PROPORTIONS.items():
        assert bool(one.published) is not bool(one.assumed), name
        for value, keys in zip((one.count, one.of), one.published, strict=False):
            assert not keys or value == sum(figures[key] for key in keys), name


def test_rows_are_in_these_proportions(made: Made) -> None:
    asked = {id: row for id, row in made[Worker].items() if row["frontline"] is not None}
    workers = list(asked.values())
    # By certificates: of somebody public the grade itself is mostly not told.
    highest: dict[str, int] = {}
    for row in made[Qualification].values():
        height = list(Grade).index(row["grade"])
        highest[row["worker_id"]] = max(height, highest.get(row["worker_id"], height))
    heights = [highest[id] for id in asked if id in highest]
    high = sum(height >= list(Grade).index(Grade.SENIOR) for height in heights)
    outcomes = Counter(row["outcome_kind"] for row in made[Outcome].values())
    expected = {
        "skilled": len(heights) / len(workers),
        "high_skilled": high / len(heights),
        "front_line": sum(row["frontline"] for row in workers) / len(workers),
        "studios": len(made[Studio]) / WORKERS,
        "students": sum(row["ended"] is None for row in made[Enrolment].values()) / WORKERS,
        "outcomes": outcomes[OutcomeKind.INNOVATION] / WORKERS,
    }
    for name, found in expected.items():
        assert found == pytest.approx(share(name), rel=0.12), name


def test_a_few_enterprises_are_big_and_most_are_small() -> None:
    workers = 1_000_000
    places, trades = draw_places(workers), read_trades()
    employers = draw_employers(Draw(SEED, "employers"), workers, places, trades)
    upto, assessing = employers.sized.upto, employers.self_assessing
    assert upto[9] / upto[-1] > 0.1
    assert upto[len(employers) // 2] / upto[-1] > 0.75
    covered = (upto[assessing[-1]] - upto[assessing[0] - 1]) / upto[-1]
    assert covered == pytest.approx(share("self_assessed_workers"), rel=0.01)


def test_how_many_rows_remain_is_told_about_right(made: Made) -> None:
    assert sum(map(len, made.values())) == pytest.approx(rows_of(WORKERS), rel=0.2)


def test_the_guide_tells_every_proportion() -> None:
    guide = (ROOT / "docs" / "generate.md").read_text("utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `")]
    told = {line.split("`")[1]: line for line in rows}
    metrics = {row["key"]: row["metric"] for row in published("figures.csv")}
    assert told.keys() == PROPORTIONS.keys()
    for name, one in PROPORTIONS.items():
        assert f"| {one.count:,.0f} : {one.of:,.0f} |" in told[name], name
        for key in (key for keys in one.published for key in keys):
            assert f"`{metrics[key]}`" in told[name], name
        assert ("assumed" in told[name]) is bool(one.assumed), name
