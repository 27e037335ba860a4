"""Requests that are wrong, each in one way: what is sent, and how it is refused."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from kit.relay.cursor import encode_cursor
from kit.request_limits import DEFAULT_LIMITS
from tests.support.over_http import GRAPHQL_JSON, JSON

USER = "BAD_USER_INPUT"
LIMIT = "LIMIT_EXCEEDED"
ALL = "{ __typename }"
WORKER = 'worker(code: "yu_yimu")'

# Where a request is found to be wrong: in HTTP, in the document or its variables, while it is run.
AT_HTTP, AT_VALIDATION, AT_EXECUTION = "sent", "asked", "run"


@dataclass(frozen=True)
class MalformedRequest:
    body: bytes = b'{"query": "{ __typename }"}'
    code: str = USER
    found: str = AT_VALIDATION
    status: int = 400
    method: str = "POST"
    path: str = "/graphql"
    headers: Sequence[tuple[str, str]] = (("Content-Type", JSON),)

    def status_for(self, accept: str) -> int:
        """Only GraphQL's own media type can say by its status that nothing was run."""
        if self.found is AT_HTTP:
            return self.status
        return 400 if self.found is AT_VALIDATION and accept == GRAPHQL_JSON else 200

    async def send(
        self, client: httpx.AsyncClient, accept: str = JSON, language: str = "en"
    ) -> httpx.Response:
        headers = [*self.headers, ("Accept-Language", language)]
        if not any(name == "Accept" for name, _ in headers):
            headers.append(("Accept", accept))
        return await client.request(self.method, self.path, content=self.body, headers=headers)


def invalid_http_request(
    body: bytes = b'{"query": "{ __typename }"}', status: int = 400, **more: Any
) -> MalformedRequest:
    return MalformedRequest(body, found=AT_HTTP, status=status, **more)


def invalid_graphql_request(
    query: str, variables: Any = None, code: str = USER, found: str = AT_VALIDATION, **more: Any
) -> MalformedRequest:
    body = {"query": query, "variables": variables, **more}
    return MalformedRequest(json.dumps(body).encode(), code, found)


def request_with_headers(status: int, *headers: tuple[str, str]) -> MalformedRequest:
    return invalid_http_request(status=status, headers=headers)


HEADERS = [
    *(
        invalid_http_request(status=405, method=method)
        for method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS")
    ),
    invalid_http_request(b"", 405, method="GET", path="/graphql?query=%7B__typename%7D"),
    *(invalid_http_request(status=405, path=path) for path in ("/health", "/ready", "/ways")),
    *(
        invalid_http_request(status=404, code="NOT_FOUND", path=path)
        for path in (
            "/",
            "/graphql/",
            "/graphql/more",
            "/graphiql",
            "/GRAPHQL",
            "/../etc/passwd",
            "/中",
            "//",
        )
    ),
    request_with_headers(415),
    *(
        request_with_headers(415, ("Content-Type", given))
        for given in (
            "",
            "text/plain",
            "application/graphql",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "application/json; charset=gb18030",
            "application/json; charset=utf-16",
            f"{JSON}, {JSON}",
            "json",
            "application/json5",
        )
    ),
    request_with_headers(415, ("Content-Type", JSON), ("Content-Type", JSON)),
    request_with_headers(415, ("Content-Type", JSON), ("Content-Type", "text/plain")),
    *(
        request_with_headers(415, ("Content-Type", JSON), ("Content-Encoding", given))
        for given in (
            "gzip",
            "br",
            "deflate",
            "identity, gzip",
            "",
        )
    ),
    request_with_headers(
        415, ("Content-Type", JSON), ("Content-Encoding", "identity"), ("Content-Encoding", "gzip")
    ),
    *(
        request_with_headers(406, ("Content-Type", JSON), ("Accept", given))
        for given in (
            "text/html",
            "image/*",
            "application/json;q=0",
            "*/*;q=0",
        )
    ),
]

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
    *(invalid_http_request(body) for body in [*NO_JSON, *NUL]),
    *(invalid_http_request(json.dumps(body).encode()) for body in NO_REQUEST),
]


def nested_json(opening: str, closing: str, depth: int) -> bytes:
    """In a variable, that is two levels down."""
    deep = opening * depth + "1" + closing * depth
    return f'{{"query": "{ALL}", "variables": {{"x": {deep}}}}}'.encode()


LARGE = [
    invalid_http_request(b'{"query": "' + b" " * DEFAULT_LIMITS.body + b'"}', 413, code=LIMIT),
    *(
        invalid_http_request(body, code=LIMIT)
        for body in (
            nested_json("[", "]", DEFAULT_LIMITS.json_depth - 1),
            nested_json('{"a":', "}", DEFAULT_LIMITS.json_depth - 1),
            nested_json("[", "]", 100_000),
            nested_json('{"a":', "}", 100_000),
            b"[" * 100_000,
            b"[" * 100_000 + b"]" * 100_000,
            b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        )
    ),
    *(
        invalid_http_request(json.dumps({"query": ALL, **more}).encode(), code=LIMIT)
        for more in (
            {"variables": {f"v{n}": n for n in range(DEFAULT_LIMITS.variables + 1)}},
            {"variables": {"x": "a" * (DEFAULT_LIMITS.string + 1)}},
            {"variables": {"x": "工" * (DEFAULT_LIMITS.string // 3 + 1)}},
            {"variables": {"x": [["a" * (DEFAULT_LIMITS.string + 1)]]}},
            {"variables": {"a" * (DEFAULT_LIMITS.string + 1): 1}},
            {"operationName": "a" * (DEFAULT_LIMITS.string + 1)},
            {"extensions": {"x": "a" * (DEFAULT_LIMITS.string + 1)}},
        )
    ),
]


def nested_regions(levels: int) -> str:
    """Of regions in regions, and a name at the end."""
    inner = "parent { " * (levels - 2) + "name" + " }" * (levels - 2)
    return f'{{ region(code: "370000") {{ {inner} }} }}'


def aliased_names(number: int) -> str:
    return " ".join(f"a{n}: name" for n in range(number))


def fragment_bomb(fragments: int, spread: str) -> str:
    """Each fragment spreads the next twice."""
    each = (
        f"fragment F{n} on Region {{ {spread.format(f'F{n + 1}', f'F{n + 1}')} }}"
        for n in range(fragments)
    )
    last = f"fragment F{fragments} on Region {{ name }}"
    return '{ region(code: "370000") { ...F0 } } ' + " ".join([*each, last])


OF_TYPE = "ofType { " * 20 + "name" + " }" * 20
FIELD_OF_FIELD = "fields { type { " * 3 + "name" + " } }" * 3
REST = DEFAULT_LIMITS.aliases // 2 + 1
PAGE = DEFAULT_LIMITS.page + 1
MANY = "region { workers(first: 100) { nodes { conferrals(first: 100) { nodes { id } } } } }"
CHILDREN = "children { " * 4 + "name" + " }" * 4
PAGES = (
    "{ workers(first: $n) { nodes { conferrals(first: $n) { nodes { "
    "recipient { ... on Worker { results(first: $n) { nodes { id } } } } } } } } }"
)
LARGE_QUERIES: list[tuple[str, Any]] = [
    (f"{ALL} #" + "工" * (DEFAULT_LIMITS.query // 3), None),
    ("{ " + "__typename " * DEFAULT_LIMITS.tokens + "}", None),
    ("#\n" * (DEFAULT_LIMITS.tokens + 1) + ALL, None),
    ("{ __typename" + " @skip(if: false)" * 4500 + " }", None),
    ("{ " + " ".join(f"a{n}: __typename" for n in range(2700)) + " }", None),
    (" ".join(f"query Q{n} {{ __typename }}" for n in range(DEFAULT_LIMITS.operations + 1)), None),
    (
        "query("
        + "".join(f"$v{n}: Int " for n in range(DEFAULT_LIMITS.variables + 1))
        + f") {ALL}",
        None,
    ),
    (f'{{ worker(code: "{"a" * (DEFAULT_LIMITS.string + 1)}") {{ name }} }}', None),
    (f'{{ worker(code: """{"a" * (DEFAULT_LIMITS.string + 1)}""") {{ name }} }}', None),
    ("{ workers(filter: " + "{not: " * 40 + "{}" + "}" * 40 + ") { totalCount } }", None),
    ("{ workers(filter: " + "[" * 40 + "]" * 40 + ") { totalCount } }", None),
    (nested_regions(DEFAULT_LIMITS.depth + 1), None),
    ("{ a" * 300 + "}" * 300, None),
    ("{ a" * 20_000 + "}" * 20_000, None),
    ("{ region(code: " + "[" * 900 + "]" * 900 + ") { name } }", None),
    (fragment_bomb(50, "parent {{ ...{0} ...{1} }}"), None),
    (fragment_bomb(50, "a: parent {{ ...{0} }} b: parent {{ ...{1} }}"), None),
    (fragment_bomb(12, "a: parent {{ ...{0} }} b: parent {{ ...{1} }}"), None),
    (fragment_bomb(12, "a: children {{ ...{0} }} b: children {{ ...{1} }}"), None),
    (f'{{ __type(name: "Query") {{ {OF_TYPE} }} }}', None),
    (f'{{ __type(name: "Query") {{ {FIELD_OF_FIELD} }} }}', None),
    (
        "{ "
        + " ".join(
            f"s{n}: __schema {{ types {{ fields {{ args {{ name }} }} }} }}" for n in range(8)
        )
        + " }",
        None,
    ),
    (f"{{ {WORKER} {{ {aliased_names(DEFAULT_LIMITS.aliases + 1)} }} }}", None),
    (f"{{ {WORKER} {{ {'name ' * (DEFAULT_LIMITS.aliases + 2)} }} }}", None),
    (
        f"{{ {WORKER} {{ ...A employer {{ ...B }} ...C }} }} "
        f"fragment A on Worker {{ {aliased_names(REST)} }}"
        f" fragment B on Organisation {{ name }} fragment C on Worker {{ {aliased_names(REST)} }}",
        None,
    ),
    (
        f"{{ one: {WORKER} {{ ...A }} two: {WORKER} {{ ...A }} }} "
        f"fragment A on Worker {{ {aliased_names(REST)} }}",
        None,
    ),
    ("{ __typename " + "@skip(if: false) " * (DEFAULT_LIMITS.directives + 1) + "}", None),
    (
        f"{{ {WORKER} {{ "
        + "... @skip(if: false) { name } " * (DEFAULT_LIMITS.directives + 1)
        + "} }",
        None,
    ),
    (
        "{ " + " ".join(f"a{n}: __typename" for n in range(DEFAULT_LIMITS.root_fields + 1)) + " }",
        None,
    ),
    (
        "{ ...A ...B } "
        + " ".join(
            f"fragment {name} on Query "
            f"{{ {' '.join(f'{name}{n}: __typename' for n in range(11))} }}"
            for name in "AB"
        ),
        None,
    ),
    *(
        (f"{{ {name}(first: {PAGE}) {{ totalCount }} }}", None)
        for name in (
            "workers",
            "regions",
            "studios",
            "enrolments",
            "figures",
            "sources",
        )
    ),
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
]
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
LARGE_DOCUMENTS = [invalid_graphql_request(query, given, LIMIT) for query, given in LARGE_QUERIES]

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
    *(invalid_graphql_request(query) for query in [*UNREADABLE, *UNFIT]),
    *(
        invalid_graphql_request(query, given)
        for query, every in WRONG_VARIABLES.items()
        for given in every
    ),
    invalid_graphql_request(TWO),
    invalid_graphql_request(TWO, operationName="C"),
    invalid_graphql_request(TWO, operationName=""),
    invalid_graphql_request(ALL, operationName="A"),
    invalid_graphql_request("query A { __typename }", operationName="a"),
]

# What fits the schema, but can't be asked: the answer says where.
BY_NAME = "Worker:name_key,code"
CURSORS = [
    "Y3Vyc29y", "游标", "", "=", "a" * 9999, encode_cursor("Studio:name_key,code", "ab"),
    encode_cursor("Worker:-code", "a"), encode_cursor(BY_NAME, "a"), encode_cursor(BY_NAME, "a\0"),
    encode_cursor(BY_NAME, [[], {}]), encode_cursor(BY_NAME, [None, "a"]),
    encode_cursor(BY_NAME, [1, 2]), encode_cursor(BY_NAME, "abc"),
    encode_cursor("Worker.history", [1]),
]  # fmt: skip
HISTORY = f"query($after: String) {{ {WORKER} {{ history(after: $after) {{ totalCount }} }} }}"
FILTER: Any = {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": {}}}}}}}}}
UNANSWERABLE = [
    *(
        invalid_graphql_request(WORKERS, {"first": number}, found=AT_EXECUTION)
        for number in (0, -1, -(2**31))
    ),
    *(
        invalid_graphql_request(WORKERS, {"after": cursor}, found=AT_EXECUTION)
        for cursor in CURSORS
    ),
    *(
        invalid_graphql_request(HISTORY, {"after": cursor}, found=AT_EXECUTION)
        for cursor in ("x", CURSORS[5], "a" * 9)
    ),
    *(
        invalid_graphql_request(query, found=AT_EXECUTION)
        for query in (
            "{ worker { name } }",
            '{ worker(code: "a", id: "b") { name } }',
            '{ node(id: "a") { id } }',
            '{ employments(on: "2023-01-01", spells: ALL) { totalCount } }',
            "{ node(id: 1) { id } }",
            "{ workers { groups(by: []) { totalCount } } }",
            "{ workers(first: 0) { totalCount } }",
            "{ workers { groups(by: [GRADE, GRADE]) { totalCount } } }",
            "{ workers { groups(by: [GRADE], first: 0) { totalCount } } }",
            "{ workers(first: 1, last: 1) { totalCount } }",
            '{ node(id: "游标") { id } }',
            '{ workers(after: "a", before: "b") { totalCount } }',
            '{ workers(last: 1, after: "b") { totalCount } }',
            '{ workers(first: 1, before: "b") { totalCount } }',
        )
    ),
    invalid_graphql_request(WORKERS, {"f": FILTER}, LIMIT, AT_EXECUTION),
    invalid_graphql_request(WORKERS, {"o": [{"field": "NAME"}] * 6}, LIMIT, AT_EXECUTION),
    invalid_graphql_request(
        GROUPED,
        {"by": ["GRADE", "OCCUPATION", "INDUSTRY", "EMPLOYER", "CITY", "DISTRICT"]},
        LIMIT,
        AT_EXECUTION,
    ),
]

MALFORMED = [*HEADERS, *BODIES, *LARGE, *LARGE_DOCUMENTS, *DOCUMENTS, *UNANSWERABLE]
