"""What a request says in its body, checked before any of it is taken for a question."""

import gc
import re
from types import NoneType
from typing import Any

import orjson
from starlette.types import Receive

from kit.errors import ClientError, LimitExceeded
from kit.language import Message
from kit.limits import RequestLimits, check_string, limit_exceeded

UNSTORABLE_TEXT = Message(
    "Text may not contain NUL or lone surrogates.", "文本中不得含有 NUL 字符或不成对的代理码位。"
)
PARSER_DEPTH_ERROR = "depth limit"  # says the reader of JSON where a thousand levels are open
ENVELOPE_VALUES = 10  # names and values that a request has beside its variables
LARGE_BODY = 50_000  # bytes of a body that may hold more objects than the collector lets pass
# A text of JSON, also one that doesn't end: no byte is looked at twice.
JSON_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
PLAIN_PARAMETERS = {"query", "operationName", "variables"}
# What stands beside the query, if it does.
OPTIONAL_PARAMETERS = (
    (
        "variables",
        (dict, NoneType),
        Message("`variables` is an object, or null.", "`variables` 应为对象或 null。"),
    ),
    (
        "operationName",
        (str, NoneType),
        Message("`operationName` is a text, or null.", "`operationName` 应为文本或 null。"),
    ),
    (
        "extensions",
        (dict, NoneType),
        Message("`extensions` is an object, or null.", "`extensions` 应为对象或 null。"),
    ),
)


class BadRequest(ClientError):
    """A request that asks nothing, or not in a way that is understood."""

    code = "BAD_USER_INPUT"

    def __init__(self, english: str, chinese: str, status: int = 400) -> None:
        super().__init__(english, chinese)
        self.status = status


class RequestTooLarge(BadRequest):
    code = LimitExceeded.code


class ClientDisconnected(Exception):
    """The client left before it had sent the body."""


async def read_body(receive: Receive, most: int) -> bytes:
    """Raises RequestTooLarge or ClientDisconnected."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise RequestTooLarge(*limit_exceeded("body", most).sentence, 413)
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def parse_parameters(body: bytes, limits: RequestLimits, *, writes: bool) -> dict[str, Any]:
    """`writes`: whoever sent it may write. Raises BadRequest with what is accepted."""
    most = "inputs" if writes else "values"
    if exceeds_value_limit(body, getattr(limits, most)):
        raise RequestTooLarge(*limit_exceeded(most, getattr(limits, most)).sentence)
    try:
        asked = load_json(body)
    except orjson.JSONDecodeError as error:
        if PARSER_DEPTH_ERROR in str(error):
            raise RequestTooLarge(
                *limit_exceeded("json_depth", limits.json_depth).sentence
            ) from error
        raise BadRequest(
            "The body is no JSON in UTF-8.", "请求体不是 UTF-8 编码的 JSON。"
        ) from error
    if is_plain_request(asked, limits.string // 4, limits.variables):
        plain: dict[str, Any] = asked
        return plain
    if not isinstance(asked, dict):
        raise BadRequest(
            'The body is an object: {"query": "…", "variables": {…}}.',
            '请求体应为对象：{"query": "…", "variables": {…}}。',
        )
    query = asked.get("query")
    if not isinstance(query, str):
        raise BadRequest("`query` is a text, and must be there.", "`query` 应为文本，且不可缺少。")
    for name, kind, wrong in OPTIONAL_PARAMETERS:
        if name in asked and not isinstance(asked[name], kind):
            raise BadRequest(*wrong)
    if "\0" in query:
        raise BadRequest(*UNSTORABLE_TEXT)
    try:
        check_parameters(asked, limits, most)
    except LimitExceeded as error:
        raise RequestTooLarge(*error.sentence) from None
    return asked


def load_json(body: bytes) -> Any:
    """Raises JSONDecodeError. Of what is being made nothing is garbage: it isn't looked for."""
    if len(body) < LARGE_BODY or not gc.isenabled():
        return orjson.loads(body)
    gc.disable()
    try:
        return orjson.loads(body)
    finally:
        gc.enable()


def exceeds_value_limit(body: bytes, most: int) -> bool:
    """Whether its JSON surely has more values than that, before any of it is made.

    Each object and list opens, before each value but the first of them stands a comma, and a value
    has at most a name and a text, with two quotes each. Quotes after a backslash aren't counted.
    """
    if body.count(b'"') - body.count(b'\\"') > 4 * (most + ENVELOPE_VALUES):
        return True
    signs = b"[", b"{", b","
    if max(map(body.count, signs)) <= most:
        return False
    unquoted = JSON_STRING.sub(b"", body)
    return max(map(unquoted.count, signs)) > most


def is_plain_request(asked: Any, longest: int, most: int) -> bool:
    """Whether it is as most are, so that nothing can be wrong with it: short texts and numbers."""
    if type(asked) is not dict or not asked.keys() <= PLAIN_PARAMETERS:
        return False
    query, name, variables = asked.get("query"), asked.get("operationName"), asked.get("variables")
    if type(query) is not str or "\0" in query:
        return False
    if name is not None and (type(name) is not str or len(name) > longest or "\0" in name):
        return False
    if type(variables) is not dict:
        return variables is None
    if len(variables) > most:
        return False
    for key, one in variables.items():
        if len(key) > longest or "\0" in key or type(one) is dict or type(one) is list:
            return False
        if type(one) is str and (len(one) > longest or "\0" in one):
            return False
    return True


def check_parameters(asked: dict[str, Any], limits: RequestLimits, values: str) -> None:
    """Every text but the query, how deep all of it goes, and that its values are within a limit.

    Raises LimitExceeded or BadRequest.
    """
    variables = asked.get("variables")
    if variables and len(variables) > limits.variables:
        raise limit_exceeded("variables", limits.variables, len(variables))
    below: list[Any] = []
    for name, one in asked.items():
        if name != "query":
            visit_value(name, below, limits.string)
            visit_value(one, below, limits.string)
    # Level by level: a request has two or three, and no stack can run out.
    depth, number, most = 1, 0, getattr(limits, values)
    while below:
        depth += 1
        if depth > limits.json_depth:
            raise limit_exceeded("json_depth", limits.json_depth)
        level, below = below, []
        number += sum(map(len, level))
        if number > most:
            raise limit_exceeded(values, most)
        for holder in level:
            for one in holder:  # of an object: its names
                visit_value(one, below, limits.string)
            if type(holder) is dict:
                for one in holder.values():
                    visit_value(one, below, limits.string)


def visit_value(one: Any, below: list[Any], longest: int) -> None:
    if type(one) is str:
        if len(one) * 4 > longest:
            check_string(one, longest)
        if "\0" in one:
            raise BadRequest(*UNSTORABLE_TEXT)
    elif type(one) is dict or type(one) is list:
        below.append(one)
