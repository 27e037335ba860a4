"""The invented examples: apart from everything real, and right in themselves."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from feeds.csv_folder import columns_by_heading, csv_name_of
from feeds.importing import DEMONSTRATION, PUBLISHED
from kit.db.column_types import EnumText, PartialDateText
from kit.values.partial_date import first_day
from models.history import table_models
from models.row import Fact, Row, Thing
from resolvers.writing.proposal import referenced_models

Made = dict[str, list[dict[str, str]]]  # by file

FILES = {csv_name_of(model): model for model in table_models()}
LATEST = date(2026, 10, 31)
A_MINOR = "demo_trainee_2024_077"


def read(folder: Path, file: str) -> list[dict[str, str]]:
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def made() -> Made:
    return {path.name: read(DEMONSTRATION, path.name) for path in DEMONSTRATION.glob("*.csv")}


def by_key(rows: list[dict[str, str]]) -> dict[str, dict[str, str]]:
    return {row.get("code") or row["key"]: row for row in rows}


def by_trainee(made: Made) -> dict[str, dict[str, str]]:
    """Return the enrolments at demo_college; apprentices are enrolled elsewhere while they work."""
    ours = (row for row in made["enrolments.csv"] if row["college"] == "demo_college")
    return {row["trainee"]: row for row in ours}


def test_the_files_have_the_line_endings_of_every_system() -> None:
    assert [path.name for path in DEMONSTRATION.iterdir() if b"\r" in path.read_bytes()] == []


def test_every_key_is_a_demonstration_s(made: Made) -> None:
    keys = [key for rows in made.values() for key in by_key(rows)]
    assert [key for key in keys if not key.startswith("demo_")] == []
    assert max(len(key) for key in keys) <= 80


def test_every_reference_stays_among_the_demonstrations(made: Made) -> None:
    dangling = [
        (file, column, code)
        for file, rows in made.items()
        for column, code, target in referred(file, rows)
        if not code.startswith("demo_") or code not in by_key(made[csv_name_of(target)])
    ]
    assert dangling == []


def referred(file: str, rows: list[dict[str, str]]) -> Iterator[tuple[str, str, type[Row]]]:
    for column, target in referenced_models(FILES[file]):
        name = "sources" if column == "source_id" else column.removesuffix("_id")
        for row in rows:
            for code in filter(None, row.get(name, "").split(";")):
                yield name, code, target


def test_no_published_person_is_among_the_invented(made: Made) -> None:
    published = {row["name"] for row in read(PUBLISHED, "workers.csv")}
    assert published.isdisjoint(row["name"] for row in made["workers.csv"])


def test_no_thing_is_named_like_a_published_one(made: Made) -> None:
    for file in made.keys() & {path.name for path in PUBLISHED.glob("*.csv")}:
        if issubclass(FILES[file], Thing):
            published = {row["name"] for row in read(PUBLISHED, file)}
            assert published.isdisjoint(row["name"] for row in made[file])


def test_every_fact_says_that_it_is_invented(made: Made) -> None:
    assert all("虚构" in source["title"] for source in made["sources.csv"])
    facts = [row for file, rows in made.items() if issubclass(FILES[file], Fact) for row in rows]
    cited = {key for row in facts for key in row["sources"].split(";")}
    assert cited == by_key(made["sources.csv"]).keys()


def test_the_cohorts_have_66_72_and_78_trainees(made: Made) -> None:
    ours = [row for row in made["enrolments.csv"] if row["college"] == "demo_college"]
    assert Counter(row["cohort"] for row in ours) == {"2022": 66, "2023": 72, "2024": 78}
    assert len(by_trainee(made)) == len(ours)


def test_who_is_enrolled_or_suspended_has_not_left(made: Made) -> None:
    for row in made["enrolments.csv"]:
        staying = row["enrolment_status"] in {"ENROLLED", "SUSPENDED"}
        assert staying == (row["ended"] == "")
        assert 0 <= float(row["score"]) <= 100


def test_a_mentorship_lies_within_the_enrolment(made: Made) -> None:
    enrolments = by_trainee(made)
    ours = [row for row in made["mentorships.csv"] if row["apprentice"] in enrolments]
    assert 0 < len(ours) < len(made["mentorships.csv"]), "Others have masters too."
    for row in ours:
        enrolment = enrolments[row["apprentice"]]
        assert row["started"] >= enrolment["started"]
        if enrolment["ended"]:
            assert row["started"] < row["ended"] <= enrolment["ended"]


def test_work_begins_after_the_enrolment_and_one_spell_after_another(made: Made) -> None:
    free_from = {code: row["ended"] for code, row in by_trainee(made).items()}
    for row in made["employments.csv"]:
        if row["worker"] in free_from:
            assert free_from[row["worker"]], "Those who are enrolled have no work yet."
            assert row["started"] > free_from[row["worker"]]
            free_from[row["worker"]] = row["ended"]


def test_trainees_compete_while_they_are_enrolled(made: Made) -> None:
    enrolments, competitions = by_trainee(made), by_key(made["competitions.csv"])
    ours = [row for row in made["results.csv"] if row["division"] == "学生组"]
    assert {row["worker"] for row in ours} <= enrolments.keys()
    for row in ours:
        enrolment = enrolments[row["worker"]]
        held_on = competitions[row["competition"]]["held_on"]
        assert enrolment["started"] <= held_on
        assert not enrolment["ended"] or held_on < enrolment["ended"]


def test_only_medallists_among_the_trainees_are_public(made: Made) -> None:
    medallists = {row["worker"] for row in made["results.csv"] if row["worker"]}
    for row in made["workers.csv"]:
        if row["code"] in by_trainee(made):
            public = row["code"] in medallists
            hidden = "PROTECTED" if row["code"] == A_MINOR else "OWNER"
            assert (row["audience"], row["owner"]) == (
                "PUBLIC" if public else hidden,
                "demo_college",
            )


def test_no_fact_is_shown_to_more_people_than_what_it_tells_of(made: Made) -> None:
    audience = {
        key: row.get("audience") or "PUBLIC"
        for file, rows in made.items()
        for key, row in by_key(rows).items()
        if file != "sources.csv"
    }
    narrow = ["PUBLIC", "SHARED", "OWNER", "PROTECTED"].index
    for file, rows in made.items():
        for row in rows:
            told_of = [
                audience[code] for name, code, _ in referred(file, [row]) if code in audience
            ]
            own = audience.get(row.get("key") or row["code"], "PUBLIC")
            assert narrow(own) >= max(map(narrow, told_of), default=0), (file, row)


def test_a_place_promotes_its_holder_within_two_months(made: Made) -> None:
    results, competitions = by_key(made["results.csv"]), by_key(made["competitions.csv"])
    certificates = [row for row in made["qualifications.csv"] if row["based_on"]]
    assert certificates
    trainees = by_trainee(made)
    for row in made["qualifications.csv"]:
        assert (row["basis"] == "COMPETITION") == bool(row["based_on"])
        hidden = "OWNER" if row["worker"] in trainees else "SHARED"
        if row["worker"] == A_MINOR:
            hidden = "PROTECTED"
        assert row["audience"] == ("PUBLIC" if row["based_on"] else hidden)
    for row in certificates:
        result = results[row["based_on"]]
        competition = competitions[result["competition"]]
        assert (row["worker"], row["issuer"]) == (result["worker"], competition["host"])
        waited = first_day(row["issued_on"]) - first_day(competition["held_on"])
        assert timedelta(days=25) <= waited <= timedelta(days=60)


def test_a_title_that_rests_on_a_place_is_its_holder_s(made: Made) -> None:
    results = by_key(made["results.csv"])
    based = [row for row in made["conferrals.csv"] if row["based_on"]]
    assert based
    recipients = ("worker", "organisation", "studio", "recipient_region")
    for row in based:
        assert all(row[name] == results[row["based_on"]][name] for name in recipients)


def test_graduates_work_in_all_three_provinces(made: Made) -> None:
    regions, organisations = by_key(made["regions.csv"]), by_key(made["organisations.csv"])
    found = set()
    for row in made["employments.csv"]:
        region = regions[organisations[row["organisation"]]["region"]]
        while region["level"] != "PROVINCIAL":
            region = regions[region["parent"]]
        found.add(region["code"])
    provinces = ("east", "north", "south")
    assert sorted(found) == [f"demo_province_{province}" for province in provinces]


def test_nothing_happens_later_than_the_readme_says(made: Made) -> None:
    days = [
        first_day(row[name])
        for file, rows in made.items()
        for name, column in columns_by_heading(FILES[file]).items()
        if isinstance(column.type, PartialDateText) or name in {"year", "since_year"}
        for row in rows
        if row.get(name)
    ]
    assert max(days) <= LATEST


def test_every_word_of_every_list_occurs(made: Made) -> None:
    found: dict[str, set[str]] = {}
    words: dict[str, set[str]] = {}
    for file, rows in made.items():
        for name, column in columns_by_heading(FILES[file]).items():
            if isinstance(column.type, EnumText):
                kind = column.type.words
                words[kind.__name__] = set(kind.__members__)
                found.setdefault(kind.__name__, set()).update(row.get(name, "") for row in rows)
    missing = {kind: words[kind] - found[kind] for kind in words}
    assert {kind: left for kind, left in missing.items() if left} == {}


def test_every_kind_has_its_file(made: Made) -> None:
    assert FILES.keys() - made.keys() == {"citations.csv"}, "Further sources stand in the facts."
