"""Read, parse and check the body of a request."""

import gc
import re
from types import NoneType
from typing import Any

import orjson
from starlette.types import Receive

from kit.errors import ClientError, LimitExceeded
from kit.i18n import Message
from kit.request_limits import RequestLimits, check_string, limit_exceeded

UNSTORABLE_TEXT = Message(
    "Text may not contain NUL or lone surrogates.", "文本中不得含有 NUL 字符或不成对的代理码位。"
)
PARSER_DEPTH_ERROR = "depth limit"  # in orjson's message beyond about a thousand open levels
ENVELOPE_VALUES = 10  # names and values of a request that aren't variables
LARGE_BODY = 50_000  # bytes; a larger body may create enough objects to start the collector
# A JSON string, or an unterminated one. Possessive quantifiers: each byte is read once.
JSON_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
PLAIN_PARAMETERS = {"query", "operationName", "variables"}
# Parameters that a request may omit.
OPTIONAL_PARAMETERS = (
    (
        "variables",
        (dict, NoneType),
        Message("`variables` must be an object or null.", "`variables` 应为对象或 null。"),
    ),
    (
        "operationName",
        (str, NoneType),
        Message("`operationName` must be a string or null.", "`operationName` 应为文本或 null。"),
    ),
    (
        "extensions",
        (dict, NoneType),
        Message("`extensions` must be an object or null.", "`extensions` 应为对象或 null。"),
    ),
)


class BadRequest(ClientError):
    """A request that can't be parsed, or that lacks a query."""

    code = "BAD_USER_INPUT"

    def __init__(self, english: str, chinese: str, status: int = 400) -> None:
        super().__init__(english, chinese)
        self.status = status


class RequestTooLarge(BadRequest):
    code = LimitExceeded.code


class ClientDisconnected(Exception):
    """The client disconnected before the whole body arrived."""


async def read_body(receive: Receive, most: int) -> bytes:
    """Return the whole body. Raises RequestTooLarge or ClientDisconnected."""
    parts, size, has_more = [], 0, True
    while has_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise RequestTooLarge(*limit_exceeded("body", most).sentence, 413)
        parts.append(part)
        has_more = message.get("more_body", False)
    return b"".join(parts)


def parse_parameters(body: bytes, limits: RequestLimits, *, writes: bool) -> dict[str, Any]:
    """Return the parameters of a body. `writes`: the viewer may write, so that `inputs` applies.

    Raises BadRequest with the accepted form, or RequestTooLarge.
    """
    most = "inputs" if writes else "values"
    if exceeds_value_limit(body, getattr(limits, most)):
        raise RequestTooLarge(*limit_exceeded(most, getattr(limits, most)).sentence)
    try:
        parameters = load_json(body)
    except orjson.JSONDecodeError as error:
        if PARSER_DEPTH_ERROR in str(error):
            raise RequestTooLarge(
                *limit_exceeded("json_depth", limits.json_depth).sentence
            ) from error
        raise BadRequest(
            "The body is not valid JSON in UTF-8.", "请求体不是 UTF-8 编码的 JSON。"
        ) from error
    if is_plain_request(parameters, limits.string // 4, limits.variables):
        plain: dict[str, Any] = parameters
        return plain
    if not isinstance(parameters, dict):
        raise BadRequest(
            'The body must be an object: {"query": "…", "variables": {…}}.',
            '请求体应为对象：{"query": "…", "variables": {…}}。',
        )
    query = parameters.get("query")
    if not isinstance(query, str):
        raise BadRequest(
            "`query` is required and must be a string.", "`query` 应为文本，且不可缺少。"
        )
    for name, kind, wrong in OPTIONAL_PARAMETERS:
        if name in parameters and not isinstance(parameters[name], kind):
            raise BadRequest(*wrong)
    if "\0" in query:
        raise BadRequest(*UNSTORABLE_TEXT)
    try:
        check_parameters(parameters, limits, most)
    except LimitExceeded as error:
        raise RequestTooLarge(*error.sentence) from None
    return parameters


def load_json(body: bytes) -> Any:
    """Parse JSON without garbage collection, as parsing creates none. Raises JSONDecodeError."""
    if len(body) < LARGE_BODY or not gc.isenabled():
        return orjson.loads(body)
    gc.disable()
    try:
        return orjson.loads(body)
    finally:
        gc.enable()


def exceeds_value_limit(body: bytes, most: int) -> bool:
    """Return whether a body certainly has more than `most` values, before it is parsed.

    Each object and list has an opening bracket, and each of its values but the first follows a
    comma. A value has at most a name and a string, with two quotes each; escaped quotes don't
    count.
    """
    if body.count(b'"') - body.count(b'\\"') > 4 * (most + ENVELOPE_VALUES):
        return True
    signs = b"[", b"{", b","
    if max(map(body.count, signs)) <= most:
        return False
    unquoted = JSON_STRING.sub(b"", body)
    return max(map(unquoted.count, signs)) > most


def is_plain_request(parameters: Any, longest: int, most: int) -> bool:
    """Return whether a request has only short scalar values, so that no further check can fail."""
    if type(parameters) is not dict or not parameters.keys() <= PLAIN_PARAMETERS:
        return False
    query, name, variables = (
        parameters.get("query"),
        parameters.get("operationName"),
        parameters.get("variables"),
    )
    if type(query) is not str or "\0" in query:
        return False
    if name is not None and (type(name) is not str or len(name) > longest or "\0" in name):
        return False
    if type(variables) is not dict:
        return variables is None
    if len(variables) > most:
        return False
    for key, value in variables.items():
        if len(key) > longest or "\0" in key or type(value) is dict or type(value) is list:
            return False
        if type(value) is str and (len(value) > longest or "\0" in value):
            return False
    return True


def check_parameters(parameters: dict[str, Any], limits: RequestLimits, values: str) -> None:
    """Check all strings but the query, the depth of nesting, and the number of values.

    Raises LimitExceeded or BadRequest.
    """
    variables = parameters.get("variables")
    if variables and len(variables) > limits.variables:
        raise limit_exceeded("variables", limits.variables, len(variables))
    below: list[Any] = []
    for name, value in parameters.items():
        if name != "query":
            visit_value(name, below, limits.string)
            visit_value(value, below, limits.string)
    # Level by level, without recursion: a request has two or three levels.
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
            for value in holder:  # entries of a list, or names of an object
                visit_value(value, below, limits.string)
            if type(holder) is dict:
                for value in holder.values():
                    visit_value(value, below, limits.string)


def visit_value(value: Any, below: list[Any], longest: int) -> None:
    if type(value) is str:
        if len(value) * 4 > longest:
            check_string(value, longest)
        if "\0" in value:
            raise BadRequest(*UNSTORABLE_TEXT)
    elif type(value) is dict or type(value) is list:
        below.append(value)
