"""No answer, cursor, error or line of the log names whom its reader may not see."""

import asyncio
import json
import re
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from engine.catalog.kind import Kind
from kit.db.engine import open_engine
from kit.relay.global_id import to_global_id
from resolvers.core.access import OPERATOR
from resolvers.core.declare import REGISTRY
from tests.support.contract_queries import ANSWERED, contract_query, contract_variables
from tests.support.databases import Databases
from tests.support.graph import FILES, GraphQLTestClient, RowFactory
from tests.support.logged_services import PARTNERS, HostedService, run_services
from tests.support.over_http import RELAXED_LIMITS
from tests.support.sdl import LISTS, SDL
from tests.support.visible_records import VisibilityOracle

OWNERS = ("demo_college", "demo_union_a", "demo_enterprise_24")  # the last is no viewer's
# (owner, audience, whether all of it was public once)
PEOPLE = [
    (owner, audience, was_public)
    for owner in OWNERS
    for audience in ("SHARED", "OWNER", "PROTECTED")
    for was_public in (False, True)
]
# What somebody of the registry could say of each of them: a fact of every kind.
FACTS: dict[str, dict[str, Any]] = {
    "bids": {"challenge": "demo_challenge_bridge"},
    "conferrals": {"honour": "great_country_craftsman_person_of_year", "year": 2025},
    "contributions": {"outcome": "demo_outcome_axle_1"},
    "employments": {"organisation": "demo_enterprise_01", "started": "2024"},
    "enrolments": {"college": "demo_college", "cohort": 2024},
    "figures": {
        "metric": "m", "label": "数", "quantity_value": 1, "quantity_unit": "person",
        "quantity_qualifier": "EXACT",
    },
    "grants": {"amount_value": 1, "amount_unit": "yuan"},
    "mentorships": {"apprentice": "qin_shijun"},
    "nominations": {"selection_round": "demo_round_great_craftsman_1"},
    "positions": {"position_kind": "OTHER"},
    "qualifications": {"grade": "SENIOR"},
    "results": {"competition": "demo_contest_college_2026", "rank": 30},
    "service_team_memberships": {"service_team": "demo_team_of_north"},
    "studio_memberships": {"studio": "demo_studio_axle", "studio_role": "LEADER"},
    "teachings": {"academy": "longjiang_academy"},
}  # fmt: skip
PERSON_IN = {"enrolments": "trainee", "mentorships": "mentor"}


def mark(number: int) -> str:
    """Return the text in the code, key, notes and English name of a person and their facts."""
    return f"zq{number:02}qz"


def name(number: int) -> str:
    return "佘" + "赟翀翯"[number % 3] + "晸曌昉昳晞晫"[number // 3]


async def hide_people(url: str) -> VisibilityOracle:
    engine = open_engine(url)
    for past in (True, False):
        files: dict[str, list[dict[str, Any]]] = {"workers": [], **{file: [] for file in FACTS}}
        for number, (owner, audience, was_public) in enumerate(PEOPLE):
            said = "PUBLIC" if past and was_public else audience
            common = {"owner": owner, "note": f"of {mark(number)}"}
            person = {"code": mark(number), "name": name(number), "audience": said}
            more = {"name_en": f"Hidden {mark(number)}", "region": "demo_district_north_a1"}
            files["workers"].append({**common, **person, **more})
            for file, fact in FACTS.items():
                who = {PERSON_IN.get(file, "worker"): mark(number)}
                key = {"key": f"{file}_{mark(number)}", "sources": "art_000"}
                shown = {"audience": "" if file == "enrolments" else said}
                files[file].append({**common, **fact, **who, **key, **shown})
        await RowFactory(engine)(**files)
    truth = await VisibilityOracle.of(engine)
    await engine.dispose()
    return truth


# Whatever else there is leads to nobody but by these.
NAMING = {"Worker", *(FILES[f"{file}.csv"].__name__ for file in FACTS)}


def selected(kind: Kind) -> str:
    """All that a record says of itself, the ids of what it leads to, and its history."""
    published = SDL.type_map[kind.name]
    assert isinstance(published, GraphQLObjectType)
    parts = []
    for field_name, field in published.fields.items():
        to = get_named_type(field.type)
        if is_leaf_type(to):
            parts.append(field_name)
        elif to.name.removesuffix("Connection") in NAMING and to.name in LISTS:
            page = "totalCount edges { cursor node { id } }"
            parts.append(f"{field_name}(first: 3) {{ {page} }}")
        elif to.name in NAMING:
            parts.append(f"{field_name} {{ id }}")
    if kind.name in NAMING:
        version = "node { assertedBy { code } values { field value } }"
        parts.append(f"history(first: 3) {{ totalCount edges {{ cursor {version} }} }}")
    return " ".join(parts)


def listed(kind: Kind) -> str:
    """Return the newest first: those who are hidden here came last."""
    newest = "first: 20, orderBy: [{field: RECORDED_AT, descending: true}]"
    every = f"{newest}, spells: ALL" if kind.spell else newest
    edges = f"totalCount edges {{ cursor node {{ {selected(kind)} }} }}"
    return f"{{ {LISTS[f'{kind.name}Connection']}({every}) {{ {edges} }} }}"


ASKED: list[tuple[str, dict[str, Any]]] = [
    *((listed(kind), {}) for kind in REGISTRY.kinds.values()),
    *((contract_query(number), contract_variables(number)) for number in ANSWERED),
    *(
        (
            "query($text: String!) { search(text: $text) { totalCount "
            "edges { cursor node { __typename ... on Worker { id code name } } } } }",
            {"text": text},
        )
        for text in ("佘", name(0), "Hidden", "she yun")
    ),
    (
        '{ studio(code: "demo_studio_axle") { leader { code name } history { totalCount } '
        "members(spells: ALL, first: 100) { nodes { id worker { code name } } } "
        "collaborators { edges { cursor reasons { detail records { id } } } } } }",
        {},
    ),
    (
        "{ workers { groups(by: [EMPLOYER, GRADE, REGION], first: 100) { nodes { count keys "
        "{ code label } } } } }",
        {},
    ),
]


def told(answer: str) -> str:
    """Return a response with its ids and cursors decoded."""
    tokens = re.findall(r'"([A-Za-z0-9_=-]{8,})"', answer)
    opened = (urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in tokens if len(one) % 4 != 1)
    return answer + " ".join(one.decode("utf-8", "replace") for one in opened)


def ids_of(number: int) -> list[str]:
    facts = [(FILES[f"{file}.csv"].__name__, f"{file}_{mark(number)}") for file in FACTS]
    return [to_global_id(kind, key) for kind, key in [("Worker", mark(number)), *facts]]


@dataclass(frozen=True)
class ViewerTranscripts:
    truth: VisibilityOracle
    answers: dict[str, list[str]]  # by whom they were given
    everything: dict[str, str]  # the same, with all that stands in ids and cursors
    lines: str  # of the log


@pytest.fixture(scope="module")
def heard(databases: Databases, dialect: str) -> ViewerTranscripts:
    """Return what each reader was told, and what was logged meanwhile, by all of them."""
    unhurried = {name: str(seconds) for name, seconds in RELAXED_LIMITS.items()}
    services = [HostedService(reader, unhurried) for reader in PARTNERS]
    with databases.copied(dialect, "examples") as url:
        truth = asyncio.run(hide_people(url))
        answers, lines = run_services(services, url, ASKED)
    given = dict(zip(PARTNERS, answers, strict=True))
    everything = {reader: "\n".join(map(told, of)) for reader, of in given.items()}
    return ViewerTranscripts(truth, given, everything, lines)


@pytest.mark.parametrize("reader", PARTNERS)
def test_nothing_names_who_may_not_be_seen(heard: ViewerTranscripts, reader: str) -> None:
    """The requests cover lists, links, histories, search, groups and the partners' queries."""
    viewer, answers = PARTNERS[reader], heard.answers[reader]
    assert not [answer for answer in answers if '"INTERNAL"' in answer]
    everything = heard.everything[reader]
    seen = heard.truth.ids(viewer)
    strangers = 0
    for number, (owner, _, _) in enumerate(PEOPLE):
        person, *facts = ids_of(number)
        if person not in seen:
            assert not seen.intersection(facts), "A fact is as hidden as its person."
            strangers += 1
            for word in (mark(number), name(number)):
                assert word not in everything, [one for one in answers if word in told(one)]
        if viewer is not OPERATOR and viewer.organisation != owner:
            assert f"of {mark(number)}" not in everything
    assert (strangers == 0) is (viewer is OPERATOR)


def test_no_line_of_the_log_names_anybody(heard: ViewerTranscripts) -> None:
    """Each service wrote one for each question."""
    answered = heard.lines.replace(" ", "").count('"status":200')
    assert answered == len(PARTNERS) * len(ASKED)
    for number in range(len(PEOPLE)):
        assert mark(number) not in heard.lines
        assert name(number) not in heard.lines


def test_what_is_hidden_is_found_by_who_may_see_it(heard: ViewerTranscripts) -> None:
    """The test above sends requests with visible names."""
    answers = heard.answers["operator"]
    everything = heard.everything["operator"]
    for number in range(len(PEOPLE)):
        missing = [id for id in ids_of(number) if id not in everything]
        assert not missing, number
        assert name(number) in everything
        assert f"of {mark(number)}" in everything
    assert not [one for one in answers if json.loads(one).get("errors")]


async def test_no_public_row_of_the_examples_names_a_minor(ask_examples: GraphQLTestClient) -> None:
    """Checks keys, labels and all other texts."""
    rows = [
        row
        for table in (await VisibilityOracle.of(ask_examples.engine)).rows.values()
        for row in table.values()
    ]
    minors = [row for row in rows if row["audience"] == "PROTECTED" and "name_key" in row]
    assert {row["code"] for row in minors} >= {"yu_min", "demo_trainee_2024_077"}
    told_to_all = [row for row in rows if row["audience"] == "PUBLIC"]
    for minor in minors:
        for word in (minor["code"], minor["name"]):
            assert [row["id"] for row in told_to_all if word in str([*row.values()])] == []
