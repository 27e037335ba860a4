"""Derived values follow for each viewer from the visible facts, and from no others.

In random registries facts have other owners than their things, or none, and narrower or wider
audiences. Responses must equal what plain Python computes from the visible facts, and must not
depend on hidden rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import orjson
from hypothesis import given, note
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from execution import schema
from kit.db.engine import write_transaction
from kit.db.postgres_pool import open_read_pool
from kit.relay.global_id import to_global_id
from kit.request_limits import UNLIMITED
from models.alliance import Alliance, AllianceMembership
from models.competition import Competition, Result
from models.history import model_table
from models.honour import Conferral, Honour
from models.organisation import Organisation
from models.outcome import Outcome
from models.partner import Role
from models.region import Region
from models.row import Audience, FactStatus, Row, Thing
from models.source import Source
from models.studio import Studio, StudioMembership, StudioRole
from models.subsidy import Grant
from models.training import Enrolment, Qualification
from models.worker import Employment, Grade, Worker
from resolvers.core.access import OPERATOR, PUBLIC, Viewer, partner_viewer
from resolvers.core.context import Context, Executor
from resolvers.writing.derived_columns import update_all_derived
from resolvers.writing.proposal import new_blank_row
from tests.support.graph import TODAY
from tests.support.random_rows import max_examples, shrinkable_randoms
from tests.support.table_states import clear_tables
from tests.support.visible_records import VisibilityOracle

COLLEGES, CONVENOR = ["o1", "o2"], "o3"
ORGANISATIONS = [*COLLEGES, CONVENOR, "o4"]
REGIONS = {"r0": None, "r1": "r0", "r2": "r0", "r3": "r1"}
LEVELS = {"r0": "PROVINCIAL", "r1": "CITY", "r2": "CITY", "r3": "DISTRICT"}
WORKERS = [f"w{n}" for n in range(6)]
STUDIOS = ["t0", "t1", "t2"]
SOURCES = ["s22", "s24", "hidden", "undated"]
VIEWERS = [
    PUBLIC,
    OPERATOR,
    *(partner_viewer(Role.COLLEGE, one) for one in ORGANISATIONS),
    partner_viewer(Role.ALLIANCE, CONVENOR),
    partner_viewer(Role.ALLIANCE, "o4"),
    partner_viewer(Role.UNION, "o2", "r1"),
    partner_viewer(Role.UNION, CONVENOR, "r3"),
    Viewer("a worker", worker="w0"),
    Viewer("another worker", worker="w3"),
]
FACTS: list[type[Row]] = [
    Qualification, Employment, StudioMembership, Result, Conferral, Grant, Outcome,
]  # fmt: skip
LISTS: dict[type[Row], str] = {
    Result: "results",
    Conferral: "conferrals",
    Grant: "grants",
    Outcome: "outcomes",
}

Values = dict[str, Any]
Registry = dict[type[Row], list[Values]]
Answered = tuple[Any, int, int]  # data, statements, rows read

# What a result is of, a conferral, and of how much a grant is.
FOR: dict[type[Row], Values] = {
    Result: {"competition_id": "c"},
    Conferral: {"honour_id": "h"},
    Grant: {"amount_value": 1.0, "amount_unit": "yuan"},
}

COUNTED = "nodes { keys { code } count }"
QUESTION = """{
  workers(first: 100, orderBy: [{field: CODE}]) {
    totalCount
    nodes {
      code grade employer { code }
      ledStudios(orderBy: [{field: CODE}]) { totalCount nodes { code } }
    }
    byGrade: groups(by: [GRADE]) { COUNTED }
    byEmployer: groups(by: [EMPLOYER]) { COUNTED }
    byBoth: groups(by: [REGION, GRADE]) { COUNTED }
  }
  senior: workers(filter: {grade: SENIOR}) { ...codes }
  others: workers(filter: {not: {grade: SENIOR}}) { ...codes }
  gradeless: workers(filter: {isNull: [GRADE]}) { ...codes }
  employed: workers(filter: {employer: {}}) { ...codes }
  jobless: workers(filter: {isNull: [EMPLOYER]}) { ...codes }
  atWork: workers(filter: {employer: {code: "o1"}}) { ...codes }
  leading: workers(filter: {ledStudios: {}}) { ...codes }
  studios(orderBy: [{field: CODE}]) { nodes { code leader { code } leaders { code } } }
  led: studios(filter: {leader: {code: "w0"}}) { nodes { code } }
  leaderless: studios(filter: {isNull: [LEADER]}) { nodes { code } }
  organisations(orderBy: [{field: CODE}]) {
    nodes { code workers { totalCount nodes { code } groups(by: [GRADE]) { COUNTED } } }
  }
  employing: organisations(filter: {workers: {grade: SENIOR}}) { nodes { code } }
  one: organisation(code: "o1") { workers(first: 2) { totalCount nodes { code grade } } }
  worker(code: "w0") { grade employer { code } }
  regions(orderBy: [{field: CODE}]) {
    nodes {
      code
      workers { totalCount groups(by: [GRADE]) { COUNTED } }
      results { totalCount } conferrals { totalCount } grants { totalCount }
      outcomes { totalCount }
    }
  }
  region(code: "r1") { workers { totalCount groups(by: [GRADE]) { COUNTED } } }
  results(first: 100) { nodes { ...placed } groups(by: [REGION]) { COUNTED } }
  conferrals(first: 100) { nodes { id region { code } } groups(by: [CITY]) { COUNTED } }
  grants(first: 100) { nodes { id region { code } } groups(by: [REGION]) { COUNTED } }
  outcomes(first: 100) { nodes { id region { code } } groups(by: [REGION]) { COUNTED } }
  inPlace: results(filter: {region: {code: "r1"}}) { totalCount nodes { ...placed } }
  nowhere: results(filter: {isNull: [REGION]}) { totalCount nodes { ...placed } }
  enrolments { totalCount groups(by: [GRADE]) { COUNTED } }
}
fragment codes on WorkerConnection { totalCount nodes { code } }
fragment placed on Result { id region { code } }
""".replace("COUNTED", COUNTED)
COHORT = f"""{{ cohort(college: "o1", year: 2023) {{
  enrolled {{ nodes {{ code grade }} groups(by: [GRADE]) {{ {COUNTED} }} }}
}} }}"""
ROLL_UP = """query($root: String!) {
  rollup(root: $root, depth: 0, measures: [WORKERS], by: [GRADE]) {
    exact rows { cells { keys { code } values { quantity { value } } } }
  }
}"""


@dataclass
class FactGenerator:
    """Makes rows: facts about things, with owners and audiences."""

    random: Random
    number: int = 0

    def one(self, among: Iterable[Any]) -> Any:
        return self.random.choice(list(among))

    def row(self, model: type[Row], key: str, **values: Any) -> Values:
        row = new_blank_row(model) | {
            "id": key,
            "owner_id": self.one([*ORGANISATIONS, None]),
            "audience": self.one([*Audience, Audience.OWNER]),
            "typed_by": "t",
            "recorded_at": datetime(2026, 1, 1, tzinfo=UTC),
        }
        if issubclass(model, Thing):
            row |= {"code": key, "name": key, "name_key": key}
        return row | values

    def public(self, model: type[Row], key: str, **values: Any) -> Values:
        return self.row(model, key, audience=Audience.PUBLIC, **values)

    def fact(self, model: type[Row]) -> Values:
        self.number += 1
        status = self.one([*[FactStatus.ASSERTED] * 4, FactStatus.RETRACTED])
        row = self.row(model, f"{model.__name__}{self.number}", status=status,
                       source_id=self.one(SOURCES))  # fmt: skip
        if model is Qualification:
            return row | {"worker_id": self.one(WORKERS), "grade": self.one([*Grade, None])}
        if model is Employment:
            told = {"worker_id": self.one(WORKERS), "organisation_id": self.one(ORGANISATIONS)}
            return row | told | self.spell()
        if model is StudioMembership:
            role = self.one([StudioRole.LEADER, StudioRole.LEADER, StudioRole.MEMBER])
            told = {"worker_id": self.one(WORKERS), "studio_id": self.one(STUDIOS)}
            return row | told | self.spell() | {"studio_role": role}
        if model is Outcome:
            return row | {"studio_id": self.one(STUDIOS), "outcome_kind": "OTHER"}
        return row | self.given(model)

    def given(self, model: type[Row]) -> Values:
        """To one recipient."""
        to = {
            "worker_id": WORKERS,
            "studio_id": STUDIOS,
            "organisation_id": ORGANISATIONS,
            "alliance_id": ["a1"],
            "recipient_region_id": REGIONS,
        }
        column = self.one(["worker_id", "worker_id", *(to.keys() & model_table(model).c.keys())])
        return {column: self.one(to[column]), **FOR[model]}

    def spell(self) -> Values:
        begins = self.one([None, None, date(2018, 1, 1), date(2022, 1, 1), date(2027, 1, 1)])
        ends = self.one([None, None, None, date(2026, 1, 1), date(2028, 1, 1)])
        if begins and ends and begins >= ends:
            ends = None
        return {"begins": begins, "ends": ends}

    def registry(self) -> Registry:
        places = [*REGIONS, None]
        return {
            Region: [
                self.public(Region, key, parent_id=parent, level=LEVELS[key])
                for key, parent in REGIONS.items()
            ],
            Organisation: [
                self.public(
                    Organisation, key, region_id=self.one(REGIONS), organisation_kind="OTHER"
                )
                for key in ORGANISATIONS
            ],
            Source: [
                self.public(Source, "s22", title="s", published_on="2022"),
                self.public(Source, "s24", title="s", published_on="2024-05"),
                self.row(Source, "hidden", title="s", published_on="2025", audience=Audience.OWNER),
                self.public(Source, "undated", title="s"),
            ],
            Worker: [self.row(Worker, key, region_id=self.one(places)) for key in WORKERS],
            Studio: [
                self.row(Studio, key, studio_kind="OTHER", region_id=self.one(places))
                for key in STUDIOS
            ],
            Alliance: [
                self.public(Alliance, "a1", alliance_kind="STUDIO", convenor_id=CONVENOR),
                self.public(Alliance, "a2", alliance_kind="STUDIO", convenor_id="o4"),
            ],
            AllianceMembership: [
                self.public(
                    AllianceMembership, f"m{n}", alliance_id=self.one(["a1", "a2"]),
                    organisation_id=self.one(ORGANISATIONS), source_id="s22",
                    ends=self.one([None, None, date(2020, 1, 1)]),
                    status=self.one([FactStatus.ASSERTED] * 2 + [FactStatus.RETRACTED]),
                )
                for n in range(4)
            ],
            Competition: [self.public(Competition, "c")],
            Honour: [self.public(Honour, "h")],
            Enrolment: [
                self.row(
                    Enrolment, f"n{n}", trainee_id=self.one(WORKERS), college_id="o1", cohort=2023,
                    audience=self.one([Audience.SHARED, Audience.OWNER]), source_id="s22",
                )
                for n in range(4)
            ],
            **{model: [self.fact(model) for _ in range(12)] for model in FACTS},
        }  # fmt: skip

    def elsewise(self, registry: Registry, truth: VisibilityOracle, viewer: Viewer) -> Registry:
        """Return the same registry with some hidden facts removed and others added."""
        shared = truth.sharers(viewer.organisation) if viewer.role is Role.ALLIANCE else set()

        def hidden(row: Values) -> bool:
            return not truth.sees(viewer, shared, row)

        changed = dict(registry)
        for model in FACTS:
            kept = [row for row in registry[model] if not hidden(row) or self.random.random() < 0.4]
            more = [self.fact(model) for _ in range(6)]
            more = [row | {"lies_in_id": None} if model in LISTS else row for row in more]
            changed[model] = kept + list(filter(hidden, more))
        return changed


async def enter(engine: AsyncEngine, registry: Registry) -> VisibilityOracle:
    await clear_tables(engine)
    async with write_transaction(engine) as connection:
        for model, rows in registry.items():
            if rows:
                await connection.execute(insert(model_table(model)), rows)
        await update_all_derived(connection, TODAY)
    return await VisibilityOracle.of(engine)


async def asked(
    engine: AsyncEngine, viewer: Viewer, way: Executor, document: str, **variables: Any
) -> Answered:
    if way is Executor.DEFAULT:
        context = Context.of(engine, viewer, TODAY, limits=UNLIMITED)
        async with context:
            result = await schema.ask(document, variables, context)
    else:
        snapshots = open_read_pool(engine.url)
        context = Context.of(engine, viewer, TODAY, snapshots, way, UNLIMITED)
        async with context:
            result = await schema.answer(document, variables, context)
        await snapshots.close()
        assert document != QUESTION or context.fallback_reason is None, context.fallback_reason
    assert not result.errors, result.errors
    return orjson.loads(orjson.dumps(result.data)), context.statements, context.spent


class ExpectedValues:
    """The expected values of a viewer."""

    def __init__(self, truth: VisibilityOracle, viewer: Viewer) -> None:
        self.truth, self.viewer = truth, viewer
        self.workers = {row["id"]: row for row in truth.seen_by(viewer, "worker")}
        self.studios = {row["id"]: row for row in truth.seen_by(viewer, "studio")}
        grades, employers = truth.grades(viewer), truth.employers(viewer, TODAY)
        self.grades = {key: grades.get(key) for key in self.workers}
        self.employers = {key: employers.get(key) for key in self.workers}
        self.leaders = truth.leaders(viewer, TODAY)
        self.leading = {
            (row["worker_id"], row["studio_id"])
            for row in truth.leading(viewer, TODAY)
            if row["worker_id"] in self.workers and row["studio_id"] in self.studios
        }

    def check(self, told: Any) -> None:
        everybody = sorted(self.workers)
        assert [self.of_worker(key) for key in everybody] == told["workers"]["nodes"]
        assert told["workers"]["totalCount"] == len(everybody)
        assert counts(told["workers"]["byGrade"]) == Counter((one,) for one in self.grades.values())
        by_employer = Counter((one,) for one in self.employers.values())
        assert counts(told["workers"]["byEmployer"]) == by_employer
        by_both = Counter((row["region_id"], self.grades[key]) for key, row in self.workers.items())
        assert counts(told["workers"]["byBoth"]) == by_both
        for name, wanted in {
            "senior": [key for key in everybody if self.grades[key] == Grade.SENIOR],
            "others": [key for key in everybody if self.grades[key] != Grade.SENIOR],
            "gradeless": [key for key in everybody if self.grades[key] is None],
            "employed": [key for key in everybody if self.employers[key] is not None],
            "jobless": [key for key in everybody if self.employers[key] is None],
            "atWork": [key for key in everybody if self.employers[key] == "o1"],
            "leading": sorted({worker for worker, _ in self.leading}),
        }.items():
            assert codes(told[name]) == wanted, name
            assert told[name]["totalCount"] == len(wanted), name
        self.check_studios(told)
        self.check_organisations(told)
        self.check_regions(told)
        self.check_recipients(told)

    def of_worker(self, key: str) -> Values:
        led = sorted(studio for worker, studio in self.leading if worker == key)
        nodes = [{"code": one} for one in led]
        return {
            "code": key,
            "grade": self.grades[key],
            "employer": coded(self.employers[key]),
            "ledStudios": {"totalCount": len(led), "nodes": nodes},
        }

    def check_studios(self, told: Any) -> None:
        for node in told["studios"]["nodes"]:
            first = self.leaders.get(node["code"])
            assert node["leader"] == coded(first if first in self.workers else None)
            all_ = sorted(worker for worker, studio in self.leading if studio == node["code"])
            assert node["leaders"] == [{"code": one} for one in all_]
        assert codes(told["studios"]) == sorted(self.studios)
        assert codes(told["led"]) == sorted(led for worker, led in self.leading if worker == "w0")
        led = {studio for _, studio in self.leading}
        assert codes(told["leaderless"]) == sorted(self.studios.keys() - led)

    def check_organisations(self, told: Any) -> None:
        employing = set()
        for node in told["organisations"]["nodes"]:
            staff = [key for key in self.workers if self.employers[key] == node["code"]]
            assert codes(node["workers"]) == sorted(staff)
            assert node["workers"]["totalCount"] == len(staff)
            by_grade = Counter((self.grades[key],) for key in staff)
            assert counts(node["workers"]["groups"]) == by_grade
            if any(self.grades[key] == Grade.SENIOR for key in staff):
                employing.add(node["code"])
            if node["code"] == "o1":
                first = [{"code": key, "grade": self.grades[key]} for key in sorted(staff)[:2]]
                assert told["one"]["workers"] == {"totalCount": len(staff), "nodes": first}
        assert codes(told["employing"]) == sorted(employing)
        one = {"grade": self.grades.get("w0"), "employer": coded(self.employers.get("w0"))}
        assert told["worker"] == (one if "w0" in self.workers else None)

    def check_regions(self, told: Any) -> None:
        for node in told["regions"]["nodes"]:
            inside = [
                key
                for key, row in self.workers.items()
                if self.lies(row["region_id"], node["code"])
            ]
            by_grade = Counter((self.grades[key],) for key in inside)
            assert node["workers"]["totalCount"] == len(inside)
            assert counts(node["workers"]["groups"]) == by_grade
            if node["code"] == "r1":
                assert node["workers"] == told["region"]["workers"]
            for model, name in LISTS.items():
                there = [one for one in self.placed(model).values() if self.lies(one, node["code"])]
                assert node[name]["totalCount"] == len(there), name

    def lies(self, region: str | None, within: str) -> bool:
        return within in self.truth.upward(region)

    def placed(self, model: type[Row]) -> dict[str, str | None]:
        """Return the region in the response for each fact, by its id."""
        rows = self.truth.standing(self.viewer, model_table(model).name)
        return {
            to_global_id(model.__name__, row["id"]): self.truth.region(self.viewer, row)
            for row in rows
        }

    def check_recipients(self, told: Any) -> None:
        for model, name in LISTS.items():
            found = {node["id"]: uncoded(node["region"]) for node in told[name]["nodes"]}
            assert found == self.placed(model), name
            keys = list(self.placed(model).values())
            if name == "conferrals":
                keys = [self.city(one) for one in keys]
            assert counts(told[name]["groups"]) == Counter((one,) for one in keys), name
        results = self.placed(Result)
        inside = {id for id, region in results.items() if self.lies(region, "r1")}
        assert {node["id"] for node in told["inPlace"]["nodes"]} == inside
        assert told["inPlace"]["totalCount"] == len(inside)
        nowhere = {id for id, region in results.items() if region is None}
        assert {node["id"] for node in told["nowhere"]["nodes"]} == nowhere
        enrolled = Counter(
            (self.grades.get(row["trainee_id"]),)
            for row in self.truth.standing(self.viewer, "enrolment")
        )
        assert counts(told["enrolments"]["groups"]) == enrolled

    def city(self, region: str | None) -> str | None:
        above = self.truth.upward(region)
        return next((one for one in above if LEVELS[one] == "CITY"), None)

    def check_cohort(self, told: Any) -> None:
        enrolled = self.truth.standing(self.viewer, "enrolment")
        if not enrolled:
            assert told["cohort"] is None
            return
        people = sorted({row["trainee_id"] for row in enrolled} & self.workers.keys())
        nodes = [{"code": key, "grade": self.grades[key]} for key in people]
        assert told["cohort"]["enrolled"]["nodes"] == nodes
        by_grade = Counter((self.grades[key],) for key in people)
        assert counts(told["cohort"]["enrolled"]["groups"]) == by_grade

    def check_roll_up(self, told: Any, root: str) -> None:
        assert told["rollup"]["exact"] is True
        [row] = told["rollup"]["rows"]
        found = {cell["keys"][0]["code"]: number_of(cell) for cell in row["cells"]}
        inside = [key for key, one in self.workers.items() if self.lies(one["region_id"], root)]
        assert found == Counter(self.grades[key] for key in inside)


def coded(key: str | None) -> Values | None:
    return None if key is None else {"code": key}


def uncoded(node: Values | None) -> str | None:
    return None if node is None else node["code"]


def codes(told: Any) -> list[str]:
    return [node["code"] for node in told["nodes"]]


def counts(told: Any) -> Counter[tuple[str | None, ...]]:
    found = ((tuple(key["code"] for key in one["keys"]), one["count"]) for one in told["nodes"])
    return Counter(dict(found))


def number_of(cell: Any) -> int:
    [value] = cell["values"]
    return int(value["quantity"]["value"])


async def answers(engine: AsyncEngine, viewer: Viewer, way: Executor) -> Mapping[str, Answered]:
    found = {
        "question": await asked(engine, viewer, way, QUESTION),
        "cohort": await asked(engine, viewer, way, COHORT),
    }
    if (root := root_of(viewer)) is not None:
        found["roll-up"] = await asked(engine, viewer, way, ROLL_UP, root=root)
    return found


def root_of(viewer: Viewer) -> str | None:
    return "r0" if viewer is OPERATOR else viewer.region


@max_examples(1)
@given(data=st.data())
async def test_what_is_told_follows_from_the_facts_that_are_seen_and_from_no_other(
    empty_registry: AsyncEngine, data: st.DataObject
) -> None:
    chance = FactGenerator(data.draw(shrinkable_randoms("derived")))
    registry = chance.registry()
    truth = await enter(empty_registry, registry)
    for viewer in VIEWERS:
        way = chance.one(Executor)
        note(f"{way} {viewer}")
        told = await answers(empty_registry, viewer, way)
        wanted = ExpectedValues(truth, viewer)
        wanted.check(told["question"][0])
        wanted.check_cohort(told["cohort"][0])
        if (root := root_of(viewer)) is not None:
            wanted.check_roll_up(told["roll-up"][0], root)


@max_examples(3)
@given(data=st.data())
async def test_what_may_not_be_seen_changes_nothing_that_is_told(
    empty_registry: AsyncEngine, data: st.DataObject
) -> None:
    chance = FactGenerator(data.draw(shrinkable_randoms("noninterference")))
    registry, viewer, way = chance.registry(), chance.one(VIEWERS), chance.one(Executor)
    note(f"{way} {viewer}")
    truth = await enter(empty_registry, registry)
    before = await answers(empty_registry, viewer, way)
    await enter(empty_registry, chance.elsewise(registry, truth, viewer))
    assert await answers(empty_registry, viewer, way) == before
