"""What a request says in its body, checked before any of it is taken for a question."""

import gc
import re
from types import NoneType
from typing import Any

import orjson
from starlette.types import Receive

from kit.errors import LimitExceeded, Told
from kit.language import Sentence
from kit.limits import Limits, check_string, exceeded

NO_TEXT = Sentence(
    "Text may not contain NUL or lone surrogates.", "文本中不得含有 NUL 字符或不成对的代理码位。"
)
TOO_DEEP = "depth limit"  # says the reader of JSON where a thousand levels are open
OF_A_REQUEST = 10  # names and values that a request has beside its variables
LARGE = 50_000  # bytes of a body that may hold more objects than the collector lets pass
# A text of JSON, also one that doesn't end: no byte is looked at twice.
QUOTED = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
PLAIN = {"query", "operationName", "variables"}
# What stands beside the query, if it does.
REST = (
    (
        "variables",
        (dict, NoneType),
        Sentence("`variables` is an object, or null.", "`variables` 应为对象或 null。"),
    ),
    (
        "operationName",
        (str, NoneType),
        Sentence("`operationName` is a text, or null.", "`operationName` 应为文本或 null。"),
    ),
    (
        "extensions",
        (dict, NoneType),
        Sentence("`extensions` is an object, or null.", "`extensions` 应为对象或 null。"),
    ),
)


class Unfit(Told):
    """A request that asks nothing, or not in a way that is understood."""

    code = "BAD_USER_INPUT"

    def __init__(self, english: str, chinese: str, status: int = 400) -> None:
        super().__init__(english, chinese)
        self.status = status


class TooLarge(Unfit):
    code = LimitExceeded.code


class Gone(Exception):
    """The client left before it had sent the body."""


async def body_of(receive: Receive, most: int) -> bytes:
    """Raises TooLarge or Gone."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            raise TooLarge(*exceeded("body", most).sentence, 413)
        parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts)


def parameters(body: bytes, limits: Limits, *, writes: bool) -> dict[str, Any]:
    """`writes`: whoever sent it may write. Raises Unfit with what is accepted."""
    most = "inputs" if writes else "values"
    if has_more(body, getattr(limits, most)):
        raise TooLarge(*exceeded(most, getattr(limits, most)).sentence)
    try:
        asked = loaded(body)
    except orjson.JSONDecodeError as error:
        if TOO_DEEP in str(error):
            raise TooLarge(*exceeded("json_depth", limits.json_depth).sentence) from error
        raise Unfit("The body is no JSON in UTF-8.", "请求体不是 UTF-8 编码的 JSON。") from error
    if is_plain(asked, limits.string // 4, limits.variables):
        plain: dict[str, Any] = asked
        return plain
    if not isinstance(asked, dict):
        raise Unfit(
            'The body is an object: {"query": "…", "variables": {…}}.',
            '请求体应为对象：{"query": "…", "variables": {…}}。',
        )
    query = asked.get("query")
    if not isinstance(query, str):
        raise Unfit("`query` is a text, and must be there.", "`query` 应为文本，且不可缺少。")
    for name, kind, wrong in REST:
        if name in asked and not isinstance(asked[name], kind):
            raise Unfit(*wrong)
    if "\0" in query:
        raise Unfit(*NO_TEXT)
    try:
        check(asked, limits, most)
    except LimitExceeded as error:
        raise TooLarge(*error.sentence) from None
    return asked


def loaded(body: bytes) -> Any:
    """Raises JSONDecodeError. Of what is being made nothing is garbage: it isn't looked for."""
    if len(body) < LARGE or not gc.isenabled():
        return orjson.loads(body)
    gc.disable()
    try:
        return orjson.loads(body)
    finally:
        gc.enable()


def has_more(body: bytes, most: int) -> bool:
    """Whether its JSON surely has more values than that, before any of it is made.

    Each object and list opens, before each value but the first of them stands a comma, and a value
    has at most a name and a text, with two quotes each. Quotes after a backslash aren't counted.
    """
    if body.count(b'"') - body.count(b'\\"') > 4 * (most + OF_A_REQUEST):
        return True
    signs = b"[", b"{", b","
    if max(map(body.count, signs)) <= most:
        return False
    unquoted = QUOTED.sub(b"", body)
    return max(map(unquoted.count, signs)) > most


def is_plain(asked: Any, longest: int, most: int) -> bool:
    """Whether it is as most are, so that nothing can be wrong with it: short texts and numbers."""
    if type(asked) is not dict or not asked.keys() <= PLAIN:
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


def check(asked: dict[str, Any], limits: Limits, values: str) -> None:
    """Every text but the query, how deep all of it goes, and that its values are within a limit.

    Raises LimitExceeded or Unfit.
    """
    variables = asked.get("variables")
    if variables and len(variables) > limits.variables:
        raise exceeded("variables", limits.variables, len(variables))
    below: list[Any] = []
    for name, one in asked.items():
        if name != "query":
            take(name, below, limits.string)
            take(one, below, limits.string)
    # Level by level: a request has two or three, and no stack can run out.
    depth, number, most = 1, 0, getattr(limits, values)
    while below:
        depth += 1
        if depth > limits.json_depth:
            raise exceeded("json_depth", limits.json_depth)
        level, below = below, []
        number += sum(map(len, level))
        if number > most:
            raise exceeded(values, most)
        for holder in level:
            for one in holder:  # of an object: its names
                take(one, below, limits.string)
            if type(holder) is dict:
                for one in holder.values():
                    take(one, below, limits.string)


def take(one: Any, below: list[Any], longest: int) -> None:
    if type(one) is str:
        if len(one) * 4 > longest:
            check_string(one, longest)
        if "\0" in one:
            raise Unfit(*NO_TEXT)
    elif type(one) is dict or type(one) is list:
        below.append(one)
