"""Whole requests by chance, as a client sends them: documents, and what no random document asks.

Those are what several statements or none of a plan answer: roll-ups, cohorts, promotions, logs,
histories page by page, personal data, reports; and mutations of what isn't there to be seen.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode

import orjson

from kit.relay.global_id import from_global_id
from tests.random.arguments import ArgumentGenerator, enum_values
from tests.random.computed import search_text
from tests.random.known_values import ValuePool
from tests.random.positions import composite_type, leaf_fields
from tests.random.queries import RandomQuery, page_infos, random_query
from tests.random.variables import VariableGenerator, json_value, rarely
from tests.support.sdl import LISTS
from tests.support.visible_picture import KINDS, filter_links, link_selection

LANGUAGES = ["en", "zh"]
SMALL = 24  # links and fragments of a document: what is checked for long is asked less often
PAGE = "totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }"
VERSION = "knownFrom knownUntil changeKind assertedBy { id name } values { field value changed }"
VALUES = "values { measure quantity { value unit qualifier } unapportioned { value } exact }"
Sort = Callable[[], tuple[str, dict[str, Any]]]
STEPS = ["enrolled", "completed", "competed", "medalled", "certified", "employed"]


@dataclass(frozen=True)
class RandomRequest:
    """`question` is posted; without one the address is read. `sort` names what it is about."""

    sort: str
    question: RandomQuery | None = None
    address: str = "/graphql"
    language: str = "en"

    @property
    def body(self) -> bytes:
        assert self.question is not None
        asked = {
            "query": self.question.query,
            "variables": self.question.variables,
            "operationName": self.question.operation_name,
        }
        return json.dumps(asked).encode()

    def __str__(self) -> str:
        if self.question is None:
            return f"GET {self.address} ({self.language})"
        variables = json.dumps(self.question.variables, ensure_ascii=False)
        name = self.question.operation_name
        return f"{self.question.query}\n# variables: {variables}, operation {name}, {self.language}"

    def next_page(self, body: bytes, chance: Random) -> "RandomRequest | None":
        """Return the same with cursors that its answer gave; None where it gave none."""
        if self.question is None:
            return None
        data = orjson.loads(body).get("data")
        if self.sort == "documents":
            following = self.question.next_pages(data, chance)
        else:
            following = self.turned(data)
        return RandomRequest(self.sort, following, language=self.language) if following else None

    def turned(self, data: Any) -> RandomQuery | None:
        assert self.question is not None
        forward = "after" in self.question.variables
        name = "endCursor" if forward else "startCursor"
        cursors = [info[name] for info in page_infos(data, "page") if info[name]]
        if not cursors or not {"after", "before"} & self.question.variables.keys():
            return None
        turned = {**self.question.variables, "after" if forward else "before": cursors[0]}
        return RandomQuery(self.question.query, turned)


@dataclass
class RequestGenerator:
    """`hidden` are ids that the viewer may not see, `retold` of records that it didn't always."""

    known: ValuePool
    hidden: Sequence[str]
    retold: Sequence[str]
    chance: Random

    def draw(self) -> RandomRequest:
        chance = self.chance
        language = chance.choice(LANGUAGES)
        if chance.randrange(3) == 0:
            question = random_query(self.known, chance, SMALL)
            return RandomRequest("documents", question, language=language)
        if rarely(chance, 30):
            return RandomRequest("reports", None, self.report(), language)
        of_all: list[Sort] = [self.records, self.records, self.listed, self.listed]
        of_some: list[Sort] = [
            self.history, self.history, self.search, self.rollup, self.cohort, self.promotable,
            self.collaborators, self.registered, self.access_log, self.disputes, self.viewer,
            self.personal, self.mutation, self.unseen_nodes,
        ]  # fmt: skip
        sort = chance.choice(of_all if chance.randrange(2) else of_some)
        query, variables = sort()
        return RandomRequest(sort.__name__, RandomQuery(query, variables), language=language)

    # What is spoken of

    def one(self, values: Sequence[Any]) -> Any:
        return self.chance.choice(values)

    def code(self, kind: str) -> str:
        return "nowhere" if rarely(self.chance, 9) else self.one(self.known.codes[kind])

    def any_id(self) -> str:
        kinds = [kind for kind, ids in self.known.ids.items() if ids]
        kind = self.one(kinds)
        return self.known.unknown_id(kind) if rarely(self.chance, 9) else self.id_of(kind)

    def id_of(self, kind: str) -> str:
        return str(self.one(self.known.ids[kind]))

    def unseen(self) -> str:
        """Draw a request about hidden or missing records."""
        if rarely(self.chance, 2) or not self.hidden:
            return self.known.unknown_id(self.one(["Worker", "Qualification", "Enrolment"]))
        return str(self.one(self.hidden))

    def page(self) -> tuple[str, str, dict[str, Any]]:
        """Return the declarations of variables, their uses and values, for the first page."""
        size = 1 + self.chance.randrange(3)
        if self.chance.randrange(3):
            return "$first: Int, $after: String", "first: $first, after: $after", {
                "first": size, "after": None,
            }  # fmt: skip
        return "$last: Int, $before: String", "last: $last, before: $before", {
            "last": size, "before": None,
        }  # fmt: skip

    # What is asked

    def records(self) -> tuple[str, dict[str, Any]]:
        """Select all fields of some records, and some of their links."""
        kind = self.one(list(KINDS))
        links = filter_links(kind)
        chosen = self.chance.sample(links, min(3, len(links)))
        parts = [
            *leaf_fields(composite_type(kind)),
            *(link_selection(kind, link) for link in chosen),
        ]
        told = f"... on {kind} {{ {' '.join(parts)} }}"
        query = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ {told} }} }}"
        return query, {"ids": [self.id_of(kind) for _ in range(5)]}

    def listed(self) -> tuple[str, dict[str, Any]]:
        """Return one document for each kind, with the request in its variables."""
        kind = self.one([kind for kind in KINDS if enum_values(f"{kind}Dimension")])
        declared, page, values = self.page()
        arguments = ArgumentGenerator(
            self.known, VariableGenerator(self.chance, Counter()), self.chance
        )
        query = f"""query($filter: {kind}Filter, $order: [{kind}Order!], $by: [{kind}Dimension!]!,
              {declared}) {{
          page: {LISTS[f"{kind}Connection"]}(filter: $filter, orderBy: $order, {page}) {{
            {PAGE} nodes {{ {" ".join(leaf_fields(composite_type(kind)))} }}
            groups(by: $by) {{ totalCount remainder nodes {{ count share keys {{ code label }} }} }}
          }} }}"""
        asked = {
            "filter": arguments.filter(kind, 2) if self.chance.randrange(3) else None,
            "order": arguments.order(kind, 2) if self.chance.randrange(2) else None,
            "by": arguments.by(kind)[:2],
        }
        return query, json_value(asked) | values

    def viewer(self) -> tuple[str, dict[str, Any]]:
        rate = "rate { limit spent windowSeconds }"
        who = f"viewer {{ organisation {{ id name }} scopes region {{ id }} {rate} }}"
        return f"{{ {who} registry {{ demonstration recordCount demonstrationCount }} }}", {}

    def history(self) -> tuple[str, dict[str, Any]]:
        id = self.one(self.retold) if self.chance.randrange(3) else self.any_id()
        declared, page, values = self.page()
        kind, _ = from_global_id(id) or ("Worker", "")
        edges = f"edges {{ cursor node {{ {VERSION} }} }}"
        query = f"""query($id: ID!, {declared}) {{ node(id: $id) {{ ... on {kind} {{
          id page: history({page}) {{ {PAGE} {edges} }} }} }} }}"""
        return query, {"id": id, **values}

    def search(self) -> tuple[str, dict[str, Any]]:
        declared, page, values = self.page()
        arguments = ArgumentGenerator(
            self.known, VariableGenerator(self.chance, Counter()), self.chance
        )
        text = search_text(arguments)
        edges = "edges { cursor matched form score node { __typename id code } }"
        query = f"""query($text: String!, {declared}) {{
          page: search(text: $text, {page}) {{ {PAGE} capped {edges} }} }}"""
        return query, {"text": text, **values}

    def rollup(self) -> tuple[str, dict[str, Any]]:
        measures = self.chance.sample(enum_values("RollupMeasure"), 1 + self.chance.randrange(3))
        by = self.chance.sample(enum_values("RollupDimension"), self.one([0, 0, 1, 1, 2]))
        query = f"""query($root: String!, $measures: [RollupMeasure!]!, $depth: Int!,
              $by: [RollupDimension!]!, $apportion: Apportion!) {{
          rollup(root: $root, measures: $measures, depth: $depth, by: $by, apportion: $apportion) {{
            exact rows {{ depth elsewhere region {{ code name }} {VALUES}
              cells {{ keys {{ dimension code label }} {VALUES} }}
              targets {{ target {{ id }} actual complete behind }} }}
            behind {{ target {{ id }} actual complete behind }} }} }}"""
        return query, {
            "root": self.code("Region"),
            "measures": measures,
            "depth": self.chance.randrange(3),
            "by": by,
            "apportion": self.one(enum_values("Apportion")),
        }

    def college_and_year(self) -> dict[str, Any]:
        values = self.known.values["Enrolment", "cohort"] or [2022]
        colleges = ["demo_college", "demo_college", "demo_college_north", self.code("Organisation")]
        return {"college": self.one(colleges), "year": int(self.one(values))}

    def cohort(self) -> tuple[str, dict[str, Any]]:
        steps = " ".join(
            f"{step} {{ totalCount nodes {{ id name grade employer {{ id }} }} }}"
            for step in self.chance.sample(STEPS, 2)
        )
        query = f"""query($college: String!, $year: Int!) {{
          cohort(college: $college, year: $year) {{ college {{ id }} year {steps}
            {" ".join(f"n{n}: {step} {{ totalCount }}" for n, step in enumerate(STEPS))}
            enrolments {{ totalCount groups(by: [ENROLMENT_STATUS]) {{ nodes {{ count }} }} }}
            certificates {{ groups(by: [GRADE]) {{ nodes {{ count keys {{ code }} }} }} }}
            employments {{ groups(by: [PROVINCE, INDUSTRY]) {{ remainder nodes {{ count }} }} }}
            results {{ totalCount nodes {{ id region {{ id }} }} }}
            firstJob {{ medianMonths measured undated }} sources {{ nodes {{ id }} }} }} }}"""
        return query, self.college_and_year()

    def promotable(self) -> tuple[str, dict[str, Any]]:
        declared, page, values = self.page()
        query = f"""query($college: String!, $competition: String!, $year: Int, {declared}) {{
          promotable(college: $college, competition: $competition, year: $year) {{
            competition {{ id }} college {{ id }} year rules {{ id }}
            page: placings({page}) {{ {PAGE} edges {{ cursor node {{ standing reason held grade tied
              worker {{ id }} result {{ id }} rule {{ id }} used {{ id }} }} }} }} }} }}"""
        given = self.college_and_year() | {"competition": self.code("Competition")}
        return query, given | values

    def collaborators(self) -> tuple[str, dict[str, Any]]:
        declared, page, values = self.page()
        query = f"""query($code: String!, {declared}) {{ studio(code: $code) {{
          page: collaborators({page}) {{ {PAGE} cut {{ linkKind links record {{ id }} }}
            edges {{ cursor score node {{ id }} path {{ id }}
              reasons {{ kind detail weight records {{ id }} }} }} }} }} }}"""
        return query, {"code": self.code("Studio"), **values}

    def registered(self) -> tuple[str, dict[str, Any]]:
        declared, page, values = self.page()
        query = f"""query({declared}) {{ page: figures({page}) {{ {PAGE}
          nodes {{ id metric registered {{ value coverage gap }} }} }} }}"""
        key = "after" if "after" in values else "before"
        cursor = self.one([None, *self.known.cursors["Figure"]])
        return query, {**values, key: cursor}

    def access_log(self) -> tuple[str, dict[str, Any]]:
        declared, page, values = self.page()
        entry = "number at accessAction reader fields purpose organisation { id }"
        query = f"""query($worker: ID!, {declared}) {{ page: accessLog(worker: $worker, {page}) {{
          {PAGE} edges {{ cursor node {{ {entry} }} }} }} }}"""
        known = self.known.ids["Worker"]
        return query, {"worker": self.one([known[0], known[0], self.one(known)]), **values}

    def disputes(self) -> tuple[str, dict[str, Any]]:
        declared, page, values = self.page()
        told = "id text disputeStatus openedAt answer settledBy record { id }"
        query = f"""query({declared}) {{ page: disputes({page}) {{
          {PAGE} edges {{ cursor node {{ {told} }} }} }} }}"""
        return query, values

    def personal(self) -> tuple[str, dict[str, Any]]:
        declared, page, values = self.page()
        query = f"""query({declared}) {{ page: workers({page}) {{ {PAGE}
          nodes {{ id personal {{ values {{ field value fact }} }} }} }} }}"""
        key = "after" if "after" in values else "before"
        return query, {**values, key: self.one([None, *self.known.cursors["Worker"]])}

    def unseen_nodes(self) -> tuple[str, dict[str, Any]]:
        ids = [self.unseen() for _ in range(1 + self.chance.randrange(4))]
        query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
        return query, {"ids": ids}

    def mutation(self) -> tuple[str, dict[str, Any]]:
        """Draw a mutation of a hidden record: it is refused, and changes nothing."""
        errors = "userErrors { code message field }"
        match self.chance.randrange(3):
            case 0:
                query = f"""mutation($id: ID!) {{ revealPersonal(worker: $id, fields: [PHONE],
                  purpose: "核对技能等级证书") {{ values {{ field value }} {errors} }} }}"""
            case 1:
                query = f"""mutation($id: ID!) {{
                  dispute(record: $id, text: "写错了") {{ dispute {{ id }} {errors} }} }}"""
            case _:
                return (
                    f"""mutation {{ settleDispute(id: "{self.chance.randrange(1, 30)}",
                  answer: "已更正") {{ dispute {{ id }} {errors} }} }}""",
                    {},
                )
        return query, {"id": self.unseen()}

    def report(self) -> str:
        form = self.one(["csv", "xlsx"])
        if self.chance.randrange(2):
            return f"/reports/cohort.{form}?{urlencode(self.college_and_year())}"
        given = {
            "root": self.code("Region"),
            "measures": ",".join(self.chance.sample(enum_values("RollupMeasure"), 2)),
            "by": self.one(["", "GRADE", "INDUSTRY", "YEAR"]),
        }
        return f"/reports/rollup.{form}?{urlencode(given)}"
