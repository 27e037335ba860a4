"""Every message to a client is in Chinese and in English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import graphql
import httpx
import pytest

import kit.errors
import web.request_body
from execution.graphql_messages_zh import graphql_message_zh
from kit.i18n import Language
from kit.request_limits import LIMIT_MESSAGES
from tests.support.over_http import JSON, SAMPLE_QUERY, error_codes, post_graphql
from web.accept_language import negotiate_language

ROOT = Path(__file__).parent.parent.parent
FOR_CLIENTS = ["kit", "engine", "resolvers", "schema", "execution", "web"]
TOLD = {
    one.__name__
    for module in (kit.errors, web.request_body)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, kit.errors.ClientError)
} - {"ImportRejected"}
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize(("header", "language"), [
    ("", "zh-CN"), ("zh", "zh-CN"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("en", "en"),
    ("EN-us", "en"), ("en-US,en;q=0.9", "en"), ("en-GB, zh;q=0.5", "en"),
    ("en;q=0.2, zh;q=0.1", "en"),
    ("en;q=0.1, zh;q=0.2", "zh-CN"), ("en, zh", "en"), ("zh, en", "zh-CN"), ("*", "zh-CN"),
    ("fr, en;q=0.1", "en"), ("fr", "zh-CN"), ("en;q=0", "zh-CN"), ("zh;q=0, *", "en"),
    ("zh;q=0", "zh-CN"), ("en;q=0.5, *;q=0.4", "en"), ("en;q=0.4, *;q=0.5", "zh-CN"),
    ("en;q=0, *", "zh-CN"), ("*;q=0", "zh-CN"), ("zh-Hant-TW, en;q=0.9", "zh-CN"),
    (" en ; q=1.000 ", "en"), (",en,,", "en"), ("en;q=0.000, fr", "zh-CN"), ("en-", "zh-CN"),
    ("en;q=2", "zh-CN"), ("en;q=0.1234", "zh-CN"), ("en;q=", "zh-CN"), ("en; level=1", "zh-CN"),
    ("english, en;;", "zh-CN"), ("en\x00", "zh-CN"), ("\xff, en", "zh-CN"), ("e" * 9, "zh-CN"),
    ("english", "zh-CN"),
])  # fmt: skip
def test_the_language_is_negotiated(header: str, language: str) -> None:
    assert negotiate_language(header) is Language(language)


async def test_chinese_is_spoken_unless_english_is_asked_for(client: httpx.AsyncClient) -> None:
    said = {}
    for language in ("", "zh", "fr", "en-US, zh;q=0.5", "en;q=nonsense"):
        answer = await post_graphql(client, {"query": "{ worker { name } }"}, language=language)
        [error] = answer.json()["errors"]
        said[language] = error["message"]
        assert error_codes(answer) == ["BAD_USER_INPUT"]
    english = said.pop("en-US, zh;q=0.5")
    assert english == "Use either `code` or `id`."
    assert set(said.values()) == {"请在 `code` 与 `id` 中给出一个，且只给一个。"}


async def test_an_answer_says_which_language_it_depends_on(client: httpx.AsyncClient) -> None:
    for language, tag in (("en", "en"), ("", "zh-CN")):
        for answer in (
            await post_graphql(client, SAMPLE_QUERY, language=language),
            await client.get("/nowhere", headers={"Accept-Language": language}),
            await client.post("/graphql", content=b"", headers={
                "Accept-Language": language, "Content-Type": JSON,
            }),
        ):  # fmt: skip
            assert answer.headers["Content-Language"] == tag
            assert answer.headers["Vary"] == "Accept-Language, Accept"


def raised() -> Iterator[tuple[str, list[ast.expr]]]:
    for path in (path for name in FOR_CLIENTS for path in sorted((ROOT / name).rglob("*.py"))):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                # One that is passed on stands elsewhere, in both.
                said = node.args[1:] if name == "MutationError" else node.args
                if name in {*TOLD, "Message"} and not passed_on(said[0]):
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", said


def passed_on(node: ast.expr) -> bool:
    return isinstance(node, ast.Starred | ast.Name)


RAISED = dict(raised())


def parts(node: ast.expr) -> tuple[str, set[str]]:
    """Return a text of the code as far as it is there, and what is put into it."""
    if isinstance(node, ast.Constant):
        return str(node.value), set()
    assert isinstance(node, ast.JoinedStr), ast.unparse(node)
    texts = [part.value for part in node.values if isinstance(part, ast.Constant)]
    put = (ast.unparse(one) for one in node.values if isinstance(one, ast.FormattedValue))
    names = {re.sub(r"\.(english|chinese)\b|'[^']*'(?=\.join)", "", one) for one in put}
    return "".join(map(str, texts)), names


def test_there_is_something_to_be_told() -> None:
    assert len(RAISED) > 50
    assert {"BadInput", "LimitExceeded", "Unavailable", "BadRequest", "RequestTooLarge"} <= TOLD


@pytest.mark.parametrize("place", RAISED)
def test_each_sentence_is_written_in_both_languages_with_the_same_values(place: str) -> None:
    given = RAISED[place]
    english, values = parts(given[0])
    chinese, same = parts(given[1])
    assert not CHINESE.search(english)
    assert CHINESE.search(chinese)
    assert values == same or place.startswith("resolvers/database/schema_version.py")


@pytest.mark.parametrize("name", LIMIT_MESSAGES)
def test_each_limit_says_its_figure_in_both_languages(name: str) -> None:
    english, chinese = LIMIT_MESSAGES[name]
    assert "{most}" in english
    assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", chinese))
    assert CHINESE.search(chinese)
    assert not CHINESE.search(english)


# What GraphQL says of itself, where a client can be meant: all but schemas and their definitions.
SOURCES = [
    "validation/rules", "validation/validate.py", "language/lexer.py", "language/parser.py",
    "type/scalars.py", "utilities/validate_input_value.py", "execution/values.py",
]  # fmt: skip
SAYS = {"GraphQLError", "GraphQLSyntaxError", "report_invalid_value", "report_invalid_literal"}
# Rules for definitions of a schema, for directives that ours hasn't, and rules that don't run here.
NOT_FOR_US = re.compile(
    "defer_|stream_|lone_schema|possible_type_ext|no_deprecated|no_schema_intro|unique_directive_names"
    "|unique_(argument|field)_definition|unique_enum|unique_operation_types|unique_type"
)
# What ours says in other words, and what can't come about here, of the rest.
NEVER_SAID = {
    "Document contains more than X comments. Parsing aborted.",
    "Document contains more than X tokens. Parsing aborted.",
    "Document is nested too deeply. Parsing aborted.",
    "Source contains more than X code points. Parsing aborted.",
    "Maximum introspection depth exceeded",
    # A scalar's own error, which is ours.
    "Expected value of type 'X', but encountered error 'X'; found: X.",
    # Arguments of fragments, and inputs of which one field is wanted.
    "Unknown argument 'X' on fragment 'X'.",
    "Variable '$X' is never used in fragment 'X'.",
    "Spreads 'X' conflict because X and X have different fragment arguments.",
    "Fragment 'X' argument 'X' of type 'X' is required, but it was not provided.",
    "Expected variable '$X' provided to field 'X' for OneOf Input Object type 'X' not to be None.",
    "Expected variable '$X' provided to field 'X' for OneOf Input Object type 'X' to provide a "
    "runtime value.",
    "Variable '$X' is of type 'X' but must be non-nullable to be used for OneOf Input Object 'X'.",
    "X has invalid default valueX: X",
    # An answer's value.
    "String cannot represent value: X",
    # Where GraphQL itself says that it can't be reached.
    "Invalid argument",
}
# Values that are put in with words of their own.
PUT_IN = {
    "Cannot query field 'X' on type 'X'.X": "Cannot query field 'X' on type 'X'.",
    "Expected value of type 'X' not to include unknown field 'X': X.": (
        "Expected value of type 'X' not to include unknown field 'X', found: X."
    ),
    "Variable '$X' has invalid default valueX: X": (
        "Variable '$X' has invalid default value at X: X"
    ),
    "Variable '$X' has invalid valueX: X": "Variable '$X' has invalid value at X: X",
    "X of required type 'X' was not provided.": (
        "Argument 'X' of required type 'X' was not provided."
    ),
}


def said_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYS:
            found = [text_of(one) for one in node.args]
            texts = [text for text in found if " " in text]
            yield from texts[:1]
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "msg":
            yield text_of(node.value)


def text_of(node: ast.expr) -> str:
    """As it would be said, with X for each value."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.JoinedStr():
            return "".join(text_of(part) for part in node.values)
        case ast.BinOp(op=ast.Add()):
            return text_of(node.left) + text_of(node.right)
        case ast.IfExp():
            return text_of(node.body) if "suggestion" not in ast.unparse(node) else ""
        case ast.Call() if "did_you_mean" in ast.unparse(node) or "suggest" in ast.unparse(node):
            return ""
    return "X"


def test_what_graphql_itself_says_is_known_in_chinese() -> None:
    home = Path(graphql.__file__).parent
    paths = [path for name in SOURCES for path in [home / name, *(home / name).rglob("*.py")]]
    found = {
        re.sub(r",? [Dd]id you mean.*", "", text)
        for path in paths
        if path.is_file() and not NOT_FOR_US.search(path.name)
        for text in said_by(path)
    }
    assert found >= NEVER_SAID | PUT_IN.keys()
    assert len(found) > 80
    said = {PUT_IN.get(text, text) for text in found - NEVER_SAID}
    assert {text for text in said if graphql_message_zh(text) is None} == set()


def test_what_nobody_has_translated_stays_as_it_is() -> None:
    assert graphql_message_zh("A sentence of a later version.") is None
