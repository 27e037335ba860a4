"""Requests that are wrong, each in one way: what is sent, and how it is refused."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from kit.cursor import write_cursor
from kit.limits import LIMITS
from tests.over_http import GRAPHQL_JSON, JSON

USER = "BAD_USER_INPUT"
LIMIT = "LIMIT_EXCEEDED"
ALL = "{ __typename }"
WORKER = 'worker(code: "yu_yimu")'

# Where a request is found to be wrong: in HTTP, in the document or its variables, while it is run.
SENT, ASKED, RUN = "sent", "asked", "run"


@dataclass(frozen=True)
class Wrong:
    body: bytes = b'{"query": "{ __typename }"}'
    code: str = USER
    found: str = ASKED
    status: int = 400
    method: str = "POST"
    path: str = "/graphql"
    headers: Sequence[tuple[str, str]] = (("Content-Type", JSON),)

    def status_for(self, accept: str) -> int:
        """Only GraphQL's own media type can say by its status that nothing was run."""
        if self.found is SENT:
            return self.status
        return 400 if self.found is ASKED and accept == GRAPHQL_JSON else 200

    async def send(
        self, client: httpx.AsyncClient, accept: str = JSON, language: str = "en"
    ) -> httpx.Response:
        headers = [*self.headers, ("Accept-Language", language)]
        if not any(name == "Accept" for name, _ in headers):
            headers.append(("Accept", accept))
        return await client.request(self.method, self.path, content=self.body, headers=headers)


def sent(body: bytes = b'{"query": "{ __typename }"}', status: int = 400, **more: Any) -> Wrong:
    return Wrong(body, found=SENT, status=status, **more)


def asked(
    query: str, variables: Any = None, code: str = USER, found: str = ASKED, **more: Any
) -> Wrong:
    body = {"query": query, "variables": variables, **more}
    return Wrong(json.dumps(body).encode(), code, found)


def with_headers(status: int, *headers: tuple[str, str]) -> Wrong:
    return sent(status=status, headers=headers)


HEADERS = [
    *(sent(status=405, method=method) for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS")),
    sent(b"", 405, method="GET", path="/graphql?query=%7B__typename%7D"),
    *(sent(status=405, path=path) for path in ("/health", "/ready", "/ways")),
    *(sent(status=404, code="NOT_FOUND", path=path) for path in (
        "/", "/graphql/", "/graphql/more", "/graphiql", "/GRAPHQL", "/../etc/passwd", "/中", "//",
    )),
    with_headers(415),
    *(with_headers(415, ("Content-Type", given)) for given in (
        "", "text/plain", "application/graphql", "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x", "application/json; charset=gb18030",
        "application/json; charset=utf-16", f"{JSON}, {JSON}", "json", "application/json5",
    )),
    with_headers(415, ("Content-Type", JSON), ("Content-Type", JSON)),
    with_headers(415, ("Content-Type", JSON), ("Content-Type", "text/plain")),
    *(with_headers(415, ("Content-Type", JSON), ("Content-Encoding", given)) for given in (
        "gzip", "br", "deflate", "identity, gzip", "",
    )),
    with_headers(
        415, ("Content-Type", JSON), ("Content-Encoding", "identity"), ("Content-Encoding", "gzip")
    ),
    *(with_headers(406, ("Content-Type", JSON), ("Accept", given)) for given in (
        "text/html", "image/*", "application/json;q=0", "*/*;q=0",
    )),
]  # fmt: skip

NO_JSON = [
    b"", b" \n", b"query", b'{"query": "', b'{"query": ""} {}', b'{"query": "" /**/}',
    b"{'query': 1}", '{"query": "é"}'.encode("latin-1"), '{"query": "工"}'.encode("gb18030"),
    '{"query": ""}'.encode("utf-16"), b'{"query": "\0"}', b'{"query": "", "variables": {"x": NaN}}',
    b'{"query": "", "variables": {"x": -Infinity}}', b'{"query": "", "variables": {"x": 1e999}}',
    b'{"query": "{ __typename } # \\ud800"}', b'{"query": "", "variables": {"\\udc00": 1}}',
    b'{"query": "", "variables": {"x": "\\udc00\\ud800"}}', b'{"query": "\xed\xa0\x80"}',
    b'{"query": "\xf5\x80\x80\x80"}', b'{"query": "\xc0\x80"}', b'\xef\xbb\xbf{"query": ""}',
    b"9" * 5000, b'{"query": "", "variables": {"x": ' + b"9" * 5000 + b"}}", b'{"query": "",}',
    b'{"query": "{ __typename }", "variables": {"x": 01}}', b"query={__typename}", b"null null",
]  # fmt: skip
NUL = [
    b'{"query": "{ __typename } # \\u0000"}',
    b'{"query": "{ __typename }", "variables": {"x": "a\\u0000b"}}',
    b'{"query": "{ __typename }", "variables": {"a\\u0000b": 1}}',
    b'{"query": "{ __typename }", "variables": {"x": [{"y": ["\\u0000"]}]}}',
    b'{"query": "{ __typename }", "operationName": "\\u0000"}',
    b'{"query": "{ __typename }", "extensions": {"x": "\\u0000"}}',
]
NO_REQUEST: list[Any] = [
    None, [], 1, ALL, True, [{"query": ALL}], {}, {"query": None}, {"query": 1}, {"query": [ALL]},
    {"query": {}}, {"query": False}, {"__proto__": {"query": ALL}}, {"Query": ALL},
    {"query": ALL, "variables": []}, {"query": ALL, "variables": "{}"},
    {"query": ALL, "variables": 0}, {"query": ALL, "variables": False},
    {"query": ALL, "operationName": 1}, {"query": ALL, "operationName": []},
    {"query": ALL, "operationName": {}}, {"query": ALL, "extensions": []},
    {"query": ALL, "extensions": "x"}, {"id": "a persisted query"},
]  # fmt: skip
BODIES = [
    *(sent(body) for body in [*NO_JSON, *NUL]),
    *(sent(json.dumps(body).encode()) for body in NO_REQUEST),
]


def nested(opening: str, closing: str, depth: int) -> bytes:
    """In a variable, that is two levels down."""
    deep = opening * depth + "1" + closing * depth
    return f'{{"query": "{ALL}", "variables": {{"x": {deep}}}}}'.encode()


LARGE = [
    sent(b'{"query": "' + b" " * LIMITS.body + b'"}', 413, code=LIMIT),
    *(sent(body, code=LIMIT) for body in (
        nested("[", "]", LIMITS.json_depth - 1), nested('{"a":', "}", LIMITS.json_depth - 1),
        nested("[", "]", 100_000), nested('{"a":', "}", 100_000), b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    )),
    *(sent(json.dumps({"query": ALL, **more}).encode(), code=LIMIT) for more in (
        {"variables": {f"v{n}": n for n in range(LIMITS.variables + 1)}},
        {"variables": {"x": "a" * (LIMITS.string + 1)}},
        {"variables": {"x": "工" * (LIMITS.string // 3 + 1)}},
        {"variables": {"x": [["a" * (LIMITS.string + 1)]]}},
        {"variables": {"a" * (LIMITS.string + 1): 1}},
        {"operationName": "a" * (LIMITS.string + 1)},
        {"extensions": {"x": "a" * (LIMITS.string + 1)}},
    )),
]  # fmt: skip


def deep(levels: int) -> str:
    """Of regions in regions, and a name at the end."""
    inner = "parent { " * (levels - 2) + "name" + " }" * (levels - 2)
    return f'{{ region(code: "370000") {{ {inner} }} }}'


def aliased(number: int) -> str:
    return " ".join(f"a{n}: name" for n in range(number))


def bomb(fragments: int, spread: str) -> str:
    """Each fragment spreads the next twice."""
    each = (
        f"fragment F{n} on Region {{ {spread.format(f'F{n + 1}', f'F{n + 1}')} }}"
        for n in range(fragments)
    )
    last = f"fragment F{fragments} on Region {{ name }}"
    return '{ region(code: "370000") { ...F0 } } ' + " ".join([*each, last])


OF_TYPE = "ofType { " * 20 + "name" + " }" * 20
FIELD_OF_FIELD = "fields { type { " * 3 + "name" + " } }" * 3
REST = LIMITS.aliases // 2 + 1
PAGE = LIMITS.page + 1
MANY = "region { workers(first: 100) { nodes { conferrals(first: 100) { nodes { id } } } } }"
CHILDREN = "children { " * 4 + "name" + " }" * 4
PAGES = (
    "{ workers(first: $n) { nodes { conferrals(first: $n) { nodes { "
    "recipient { ... on Worker { results(first: $n) { nodes { id } } } } } } } } }"
)
LARGE_QUERIES: list[tuple[str, Any]] = [
    (f"{ALL} #" + "工" * (LIMITS.query // 3), None),
    ("{ " + "__typename " * LIMITS.tokens + "}", None),
    ("#\n" * (LIMITS.tokens + 1) + ALL, None),
    ("{ __typename" + " @skip(if: false)" * 4500 + " }", None),
    ("{ " + " ".join(f"a{n}: __typename" for n in range(2700)) + " }", None),
    (" ".join(f"query Q{n} {{ __typename }}" for n in range(LIMITS.operations + 1)), None),
    ("query(" + "".join(f"$v{n}: Int " for n in range(LIMITS.variables + 1)) + f") {ALL}", None),
    (f'{{ worker(code: "{"a" * (LIMITS.string + 1)}") {{ name }} }}', None),
    (f'{{ worker(code: """{"a" * (LIMITS.string + 1)}""") {{ name }} }}', None),
    ("{ workers(filter: " + "{not: " * 40 + "{}" + "}" * 40 + ") { totalCount } }", None),
    ("{ workers(filter: " + "[" * 40 + "]" * 40 + ") { totalCount } }", None),
    (deep(LIMITS.depth + 1), None),
    ("{ a" * 300 + "}" * 300, None),
    ("{ a" * 20_000 + "}" * 20_000, None),
    ("{ region(code: " + "[" * 900 + "]" * 900 + ") { name } }", None),
    (bomb(50, "parent {{ ...{0} ...{1} }}"), None),
    (bomb(50, "a: parent {{ ...{0} }} b: parent {{ ...{1} }}"), None),
    (bomb(12, "a: parent {{ ...{0} }} b: parent {{ ...{1} }}"), None),
    (bomb(12, "a: children {{ ...{0} }} b: children {{ ...{1} }}"), None),
    (f'{{ __type(name: "Query") {{ {OF_TYPE} }} }}', None),
    (f'{{ __type(name: "Query") {{ {FIELD_OF_FIELD} }} }}', None),
    ("{ " + " ".join(f"s{n}: __schema {{ types {{ fields {{ args {{ name }} }} }} }}"
                     for n in range(8)) + " }", None),
    (f"{{ {WORKER} {{ {aliased(LIMITS.aliases + 1)} }} }}", None),
    (f"{{ {WORKER} {{ {'name ' * (LIMITS.aliases + 2)} }} }}", None),
    (f"{{ {WORKER} {{ ...A employer {{ ...B }} ...C }} }} "
     f"fragment A on Worker {{ {aliased(REST)} }}"
     f" fragment B on Organisation {{ name }} fragment C on Worker {{ {aliased(REST)} }}", None),
    (f'{{ one: {WORKER} {{ ...A }} two: {WORKER} {{ ...A }} }} '
     f"fragment A on Worker {{ {aliased(REST)} }}", None),
    ("{ __typename " + "@skip(if: false) " * (LIMITS.directives + 1) + "}", None),
    (f"{{ {WORKER} {{ " + "... @skip(if: false) { name } " * (LIMITS.directives + 1) + "} }", None),
    ("{ " + " ".join(f"a{n}: __typename" for n in range(LIMITS.root_fields + 1)) + " }", None),
    ("{ ...A ...B } " + " ".join(
        f"fragment {name} on Query {{ {' '.join(f'{name}{n}: __typename' for n in range(11))} }}"
        for name in "AB"), None),
    *((f"{{ {name}(first: {PAGE}) {{ totalCount }} }}", None) for name in (
        "workers", "regions", "studios", "enrolments", "figures", "sources",
    )),
    (f"{{ workers(last: {PAGE}) {{ totalCount }} }}", None),
    (f"{{ {WORKER} {{ conferrals(first: {PAGE}) {{ totalCount }} }} }}", None),
    (f"{{ {WORKER} {{ history(first: {PAGE}) {{ totalCount }} }} }}", None),
    (f"{{ {WORKER} {{ history(last: {2**31 - 1}) {{ totalCount }} }} }}", None),
    (f"{{ workers {{ groups(by: [GRADE], first: {PAGE}) {{ totalCount }} }} }}", None),
    (f"{{ nodes(ids: [{', '.join(['1'] * PAGE)}]) {{ id }} }}", None),
    ("query($n: Int) { workers(first: $n) { totalCount } }", {"n": PAGE}),
    ("query($n: Int) { workers(last: $n) { totalCount } }", {"n": 2**31 - 1}),
    ("query($n: Int) { workers { groups(by: [GRADE], first: $n) { totalCount } } }", {"n": PAGE}),
    (f"query($n: Int) {{ {WORKER} {{ history(first: $n) {{ totalCount }} }} }}", {"n": PAGE}),
    (f"query($n: Int = {PAGE}) {{ workers(first: $n) {{ totalCount }} }}", {}),
    ("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x"] * PAGE}),
    (f"{{ workers(first: 100) {{ nodes {{ {MANY} }} }} }}", None),
    (f"{{ workers(first: 100) {{ nodes {{ ...M }} }} }} fragment M on Worker {{ {MANY} }}", None),
    (f'{{ region(code: "370000") {{ {CHILDREN} }} }}', None),
    (f"query($n: Int) {PAGES}", {"n": 100}),
    (f"query($n: Int = 100) {PAGES}", {}),
    (f"query($n: Int, $m: Int) {PAGES.replace('first: $n', 'first: $n, last: $m')}", {"m": 100}),
]  # fmt: skip
TOO_MANY: list[list[Any]] = [
    [{"code": "a"}] * 501, [{}] * 16_000, [{}] * 45_000, [None] * 499, [[]] * 499,
]  # fmt: skip
LARGE_QUERIES += [
    ("query($f: WorkerFilter) { workers(filter: $f) { totalCount } }", {"f": {"or": wanted}})
    for wanted in TOO_MANY
]
LARGE_QUERIES += [
    (f"{{ workers(filter: {{or: [{'{} ' * 499}]}}) {{ totalCount }} }}", None),
    (f"{{ workers {{ groups(by: [{'GRADE ' * 1001}]) {{ totalCount }} }} }}", None),
    (
        "query($by: [WorkerDimension!]!) { workers { groups(by: $by) { totalCount } } }",
        {"by": ["GRADE"] * 1001},
    ),
    ("{ __typename }", {"a": [[1] * 500] * 5}),
]
LARGE_DOCUMENTS = [asked(query, given, LIMIT) for query, given in LARGE_QUERIES]

UNREADABLE = [
    "", " ", "{", "}", "{}", "{ worker {} }", "query", "# nothing", "{ __typename",
    "{ __typename }}",
    "{ workers(first: ) { totalCount } }", '{ worker(code: "a) { name } }', "{ a: }", "{ : a }",
    "{ worker(code: 'a') { name } }", "{ ％ }", "{ workers(first: 01) { totalCount } }",
    "{ workers(first: .5) { totalCount } }", "{ workers(first: 1.) { totalCount } }", "{ a .. }",
    '{ worker(code: "\\ud800") { name } }', '{ worker(code: "\\u{110000}") { name } }',
    '{ worker(code: "\\x41") { name } }', '{ worker(code: "\\u0000") { name } }',
    '{ worker(code: "\\u{0}") { name } }', '{ worker(code: "\\udc00\\ud800") { name } }',
    '{ worker(code: """a) { name } }', "query($x: Int = $y) { __typename }",
    "query() { __typename }",
    "fragment F on Query { __typename }", "fragment on on Query { __typename }",
    "type A { a: Int }", "query Q($x) { __typename }", "{ a(b: {c: }) }", "{ ...  on { a } }",
    "{ workers(first: " + "9" * 5000 + ") { totalCount } }", "\ufeff\ufeff", "{ \u200b }",
    "{ workers(first: 1e" + "9" * 5000 + ") { totalCount } }", "{ __typename @ }",
    "query { @skip }",
]  # fmt: skip
# What doesn't fit the schema is never executed.
UNFIT = [
    "{ nothing }", "{ workers { nodes { nothing } } }", "{ workers(many: 3) { totalCount } }",
    "{ __proto__ }", '{ worker(code: "a") { __class__ } }', "{ node { id } }", "{ worke { name } }",
    '{ worker(code: "a", code: "b") { name } }', '{ worker(code: "a") { name { x } } }',
    '{ worker(code: "a") }', "query($x: Nothing) { workers(first: $x) { totalCount } }",
    "{ ...F }", "query($x: Worker) { workers(filter: $x) { totalCount } }", "{ workers }",
    "{ ...F } fragment F on Query { ...F }", "{ ...F } fragment F on Nothing { x }",
    "{ ...F } fragment F on Query { ...G } fragment G on Query { ...F }",
    "{ __typename } fragment F on Query { __typename }", '{ node(id: "x") { ... on Int { x } } }',
    '{ a: worker(code: "a") { name } a: worker(code: "b") { name } }',
    '{ worker(code: "a") { x: name x: code employer { y: name y: code } } }',
    "query A { __typename } query A { __typename }", "query @skip(if: true) { __typename }",
    "{ __typename @nothing }", "{ __typename @include }", "{ __typename @skip(if: 1) }",
    "{ __typename @deprecated }", "{ __typename @skip(if: true, if: false) }",
    "{ __typename @skip(if: true) @skip(if: true) }", "{ __typename @skip(unless: true) }",
    "query($x: Int @skip(if: true)) { workers(first: $x) { totalCount } }",
    "{ __typename } extend type Query { a: Int }", "mutation M { a }",
    "subscription { workers { totalCount } }", "{ worker(code: 1) { name } }",
    "{ __typename } { __typename }", "query A { __typename } { __typename }",
    '{ workers(first: "1") { totalCount } }', "{ workers(first: 2147483648) { totalCount } }",
    "{ workers(first: 1.5) { totalCount } }", "{ workers(first: true) { totalCount } }",
    "{ workers(first: [1]) { totalCount } }", "{ workers(first: {a: 1}) { totalCount } }",
    "{ workers(filter: {grade: BEST}) { totalCount } }", "{ workers(filter: 1) { totalCount } }",
    "{ workers(filter: {frontline: 1}) { totalCount } }", "{ node(id: true) { id } }",
    "{ workers(filter: {frontline: true, frontline: false}) { totalCount } }",
    "{ employments(on: 2023) { totalCount } }", "{ worker(code: $code) { name } }",
    '{ employments(on: "2023-13-01") { totalCount } }', '{ employments(on: "now") { totalCount } }',
    '{ workers(filter: {grade: "JUNIOR"}) { totalCount } }', "query($x: Int!) { __typename }",
    "query($x: String) { workers(first: $x) { totalCount } }",
    "query($x: Int) { worker(code: $x) { name } }",
    "query($x: Int, $x: Int) { workers(first: $x) { totalCount } }",
    "{ workers { groups(by: [LUCK]) { totalCount } } }", "{ workers { groups { totalCount } } }",
    "{ workers { groups(by: null) { totalCount } } }", "{ nodes(ids: [null]) { id } }",
    "{ workers(orderBy: [{}]) { totalCount } }", "{ workers(filter: {luck: 1}) { totalCount } }",
    'query($x: Int = "1") { workers(first: $x) { totalCount } }',
    "{ workers(spells: ALL) { totalCount } }",
    '{ worker(code: "a") { ... on Studio { name } } }', "fragment F on Query { a } query { ...G }",
    "query($x: [Int]) { workers(first: $x) { totalCount } }", '{ worker(code: "a") { employer } }',
]  # fmt: skip
WORKERS = """query($f: WorkerFilter, $first: Int, $last: Int, $after: String, $o: [WorkerOrder!]) {
  workers(filter: $f, first: $first, last: $last, after: $after, orderBy: $o) { nodes { code } }
}"""
ON = "query($on: Date) { employments(on: $on) { totalCount } }"
BY_CODE = "query($code: String!) { worker(code: $code) { name } }"
BY_ID = "query($id: ID!) { node(id: $id) { id } }"
SKIPPED = "query($s: Boolean!) { __typename @skip(if: $s) }"
GROUPED = "query($by: [WorkerDimension!]!) { workers { groups(by: $by) { totalCount } } }"
WRONG_VARIABLES: dict[str, list[dict[str, Any]]] = {
    BY_CODE: [{}, {"code": None}, {"code": 1}, {"code": ["a"]}, {"code": {"__proto__": "a"}}],
    BY_ID: [{}, {"id": None}, {"id": 1.5}, {"id": {}}, {"id": ["a"]}],
    SKIPPED: [{}, {"s": None}, {"s": "true"}, {"s": 1}],
    GROUPED: [{}, {"by": None}, {"by": "LUCK"}, {"by": [None]}, {"by": 1}, {"by": [["GRADE"]]}],
    ON: [{"on": day} for day in (
        "2023-02-30", "2023-02", "2023-02-01T00", "", 0, ["2023-02-01"], "0000-01-01",
        "２０２３-02-01",
    )],
    WORKERS: [
        *({"first": number} for number in (2**31, -(2**31) - 1, 2**64 - 1, 1e300, 1.5, True, "1")),
        *({"f": wanted} for wanted in (
            "code", {"luck": 1}, {"grade": "BEST"}, {"__proto__": {"code": "a"}}, {"and": [None]},
            {"not": {"__class__": "a"}}, {"isNull": ["LUCK"]}, {"frontline": "yes"},
        )),
        {"o": [{}]}, {"o": [{"field": "LUCK"}]}, {"o": [{"field": "NAME", "descending": 1}]},
        {"after": 1}, {"after": ["a"]},
    ],
}  # fmt: skip
TWO = "query A { __typename } query B { __typename }"
DOCUMENTS = [
    *(asked(query) for query in [*UNREADABLE, *UNFIT]),
    *(asked(query, given) for query, every in WRONG_VARIABLES.items() for given in every),
    asked(TWO), asked(TWO, operationName="C"), asked(TWO, operationName=""),
    asked(ALL, operationName="A"), asked("query A { __typename }", operationName="a"),
]  # fmt: skip

# What fits the schema, but can't be asked: the answer says where.
BY_NAME = "Worker:name_key,code"
CURSORS = [
    "Y3Vyc29y", "游标", "", "=", "a" * 9999, write_cursor("Studio:name_key,code", "ab"),
    write_cursor("Worker:-code", "a"), write_cursor(BY_NAME, "a"), write_cursor(BY_NAME, "a\0"),
    write_cursor(BY_NAME, [[], {}]), write_cursor(BY_NAME, [None, "a"]),
    write_cursor(BY_NAME, [1, 2]), write_cursor(BY_NAME, "abc"),
    write_cursor("Worker.history", [1]),
]  # fmt: skip
HISTORY = f"query($after: String) {{ {WORKER} {{ history(after: $after) {{ totalCount }} }} }}"
FILTER: Any = {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": {}}}}}}}}}
UNANSWERABLE = [
    *(asked(WORKERS, {"first": number}, found=RUN) for number in (0, -1, -(2**31))),
    *(asked(WORKERS, {"after": cursor}, found=RUN) for cursor in CURSORS),
    *(asked(HISTORY, {"after": cursor}, found=RUN) for cursor in ("x", CURSORS[5], "a" * 9)),
    *(asked(query, found=RUN) for query in (
        "{ worker { name } }", '{ worker(code: "a", id: "b") { name } }',
        '{ node(id: "a") { id } }',
        '{ employments(on: "2023-01-01", spells: ALL) { totalCount } }', "{ node(id: 1) { id } }",
        "{ workers { groups(by: []) { totalCount } } }", "{ workers(first: 0) { totalCount } }",
        "{ workers { groups(by: [GRADE, GRADE]) { totalCount } } }",
        "{ workers { groups(by: [GRADE], first: 0) { totalCount } } }",
        "{ workers(first: 1, last: 1) { totalCount } }", '{ node(id: "游标") { id } }',
        '{ workers(after: "a", before: "b") { totalCount } }',
        '{ workers(last: 1, after: "b") { totalCount } }',
        '{ workers(first: 1, before: "b") { totalCount } }',
    )),
    asked(WORKERS, {"f": FILTER}, LIMIT, RUN),
    asked(WORKERS, {"o": [{"field": "NAME"}] * 6}, LIMIT, RUN),
    asked(GROUPED, {"by": ["GRADE", "OCCUPATION", "INDUSTRY", "EMPLOYER", "CITY", "DISTRICT"]},
          LIMIT, RUN),
]  # fmt: skip

MALFORMED = [*HEADERS, *BODIES, *LARGE, *LARGE_DOCUMENTS, *DOCUMENTS, *UNANSWERABLE]
