"""Limits on the size of requests: the figures, and the messages."""

from dataclasses import dataclass, fields
from typing import Any

from kit.errors import LimitExceeded
from kit.i18n import Message


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The limits of a request. The figures here are the defaults."""

    body: int = 1_000_000  # bytes
    json_depth: int = 32
    query: int = 100_000  # bytes
    tokens: int = 2000
    operations: int = 10
    variables: int = 100
    string: int = 10_000  # bytes
    filter: int = 500  # values of one argument that is an object, or a list of objects
    entries: int = 1_000  # of one list
    values: int = 2_000  # of all variables and arguments
    inputs: int = 50_000  # the same, of a mutation by who may write
    depth: int = 15
    introspection_depth: int = 20
    aliases: int = 30
    directives: int = 20
    root_fields: int = 20
    mutation_fields: int = 5
    page: int = 100
    cost: int = 50_000  # nodes
    links: int = 200  # of one record, of one kind, that collaborators are looked for along
    introspection: bool = True


DEFAULT_LIMITS = RequestLimits()
# A request beyond these is not refused: the answer is cut, and says so.
TRUNCATING_LIMITS = frozenset({"links"})
# No limits: for internal queries and tests.
UNLIMITED_VALUES: dict[str, Any] = {
    one.name: 10**9 for one in fields(RequestLimits) if one.type is int
}
UNLIMITED = RequestLimits(**UNLIMITED_VALUES)

LIMIT_MESSAGES = {
    "body": Message(
        "The body exceeds the limit of {most} bytes.",
        "请求体最多 {most} 字节，实际更大。",
    ),
    "json_depth": Message(
        "Objects and lists are nested too deeply, in JSON or in the query: the limit is {most} "
        "levels.",
        "对象和列表最多嵌套 {most} 层（JSON 与查询皆然），实际更深。",
    ),
    "query": Message(
        "The query exceeds the limit of {most} bytes: it has {found}.",
        "查询最多 {most} 字节，实际为 {found}。",
    ),
    "tokens": Message(
        "The query exceeds the limit of {most} tokens.",
        "查询最多 {most} 个词法单元，实际更多。",
    ),
    "operations": Message(
        "The query exceeds the limit of {most} operations: it has {found}.",
        "查询最多包含 {most} 个操作，实际为 {found}。",
    ),
    "variables": Message(
        "The query exceeds the limit of {most} variables: it has {found}.",
        "变量最多 {most} 个，实际为 {found}。",
    ),
    "string": Message(
        "A text exceeds the limit of {most} bytes: it has {found}.",
        "一段文本最多 {most} 字节，其中一段为 {found}。",
    ),
    "filter": Message(
        "A filter, an order or another input object exceeds the limit of {most} values: it has "
        "{found}. Objects and lists count too, also empty ones.",
        "一个筛选条件、排序或其他由对象组成的参数最多有 {most} 个值（对象与列表也计入，空的亦然），"
        "其中一个为 {found}。",
    ),
    "entries": Message(
        "A list in a variable or an argument exceeds the limit of {most} entries: it has {found}.",
        "变量或参数中的一个列表最多有 {most} 项，其中一个为 {found}。",
    ),
    "values": Message(
        "Variables and arguments exceed the limit of {most} values in all. The values of a "
        "variable count each time it is used.",
        "全部变量与参数最多有 {most} 个值（变量每使用一次都计入），实际更多。",
    ),
    "inputs": Message(
        "The inputs of the mutation exceed the limit of {most} values in all, for a key that may "
        "write.",
        "有写入权限的密钥执行变更时，全部输入最多有 {most} 个值，实际更多。",
    ),
    "depth": Message(
        "Fields are nested too deeply: the limit is {most} levels.",
        "字段最多嵌套 {most} 层，实际更深。",
    ),
    "introspection_depth": Message(
        "The introspection query is nested too deeply: the limit is {most} levels.",
        "内省查询最多嵌套 {most} 层，实际更深。",
    ),
    "introspection_lists": Message(
        "The introspection query nests lists of fields too deeply: the limit is {most} levels.",
        "内省查询中的字段列表最多嵌套 {most} 层，实际更深。",
    ),
    "aliases": Message(
        "The query exceeds the limit of {most} aliases and repeated fields: it has {found}. A "
        "fragment counts each time it is spread.",
        "别名与重复字段最多 {most} 个（片段每展开一次都计入），实际为 {found}。",
    ),
    "directives": Message(
        "The query exceeds the limit of {most} directives: it has {found}.",
        "指令最多 {most} 个，实际为 {found}。",
    ),
    "root_fields": Message(
        "The query exceeds the limit of {most} root fields: it has {found}.",
        "根字段最多 {most} 个，实际为 {found}。",
    ),
    "mutation_fields": Message(
        "The mutation exceeds the limit of {most} root fields: it has {found}.",
        "变更操作的根字段最多 {most} 个，实际为 {found}。",
    ),
    "page": Message(
        "A list returns at most {most} records at once; {found} were requested.",
        "一个列表一次最多返回 {most} 条，请求的是 {found}。",
    ),
    "cost": Message(
        "The request exceeds the limit of {most} nodes: its page sizes multiply to {found}. Ask "
        "for smaller pages, or send several requests.",
        "一次请求最多涉及 {most} 个节点（逐层页长相乘），本次为 {found}。请减小页长或分多次请求。",
    ),
}

MAX_SHOWN = 10**12  # larger figures aren't shown to the digit


def limit_exceeded(name: str, most: int, number: int = 0) -> LimitExceeded:
    shown = str(number) if number <= MAX_SHOWN else f"> {MAX_SHOWN}"
    said = [text.format(most=most, found=shown) for text in LIMIT_MESSAGES[name]]
    return LimitExceeded(*said)


def utf8_length(text: str) -> int:
    """In UTF-8, without counting where the answer can't matter."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def check_string(text: str, most: int) -> None:
    """Raise LimitExceeded if the text is too long."""
    if len(text) * 4 > most and (length := utf8_length(text)) > most:
        raise limit_exceeded("string", most, length)
