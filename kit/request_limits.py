"""Limits on the size of requests: the figures, and the messages."""

from dataclasses import dataclass, fields
from typing import Any

from kit.errors import LimitExceeded
from kit.i18n import Message


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The figures here are those of a service that is told no others."""

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
# What goes beyond these is not refused: the answer is cut, and says so.
TRUNCATING_LIMITS = frozenset({"links"})
# Of what isn't asked by a client, such as what a test says of every field at once.
UNLIMITED_VALUES: dict[str, Any] = {
    one.name: 10**9 for one in fields(RequestLimits) if one.type is int
}
UNLIMITED = RequestLimits(**UNLIMITED_VALUES)

LIMIT_MESSAGES = {
    "body": Message(
        "The body may have {most} bytes; it has more.",
        "请求体最多 {most} 字节，实际更大。",
    ),
    "json_depth": Message(
        "Objects and lists may be nested {most} deep, in JSON and in queries; these go deeper.",
        "对象和列表最多嵌套 {most} 层（JSON 与查询皆然），实际更深。",
    ),
    "query": Message(
        "The query may have {most} bytes; it has {found}.",
        "查询最多 {most} 字节，实际为 {found}。",
    ),
    "tokens": Message(
        "The query may have {most} tokens; it has more.",
        "查询最多 {most} 个词法单元，实际更多。",
    ),
    "operations": Message(
        "The query may hold {most} operations; it holds {found}.",
        "查询最多包含 {most} 个操作，实际为 {found}。",
    ),
    "variables": Message(
        "There may be {most} variables; there are {found}.",
        "变量最多 {most} 个，实际为 {found}。",
    ),
    "string": Message(
        "A text may have {most} bytes; one has {found}.",
        "一段文本最多 {most} 字节，其中一段为 {found}。",
    ),
    "filter": Message(
        "A filter, an order or another argument made of objects may have {most} values, objects "
        "and lists counted, also empty ones; one has {found}.",
        "一个筛选条件、排序或其他由对象组成的参数最多有 {most} 个值（对象与列表也计入，空的亦然），"
        "其中一个为 {found}。",
    ),
    "entries": Message(
        "A list in a variable or an argument may have {most} entries; one has {found}.",
        "变量或参数中的一个列表最多有 {most} 项，其中一个为 {found}。",
    ),
    "values": Message(
        "Variables and arguments may have {most} values in all, those of a variable each time it "
        "is used; there are more.",
        "全部变量与参数最多有 {most} 个值（变量每使用一次都计入），实际更多。",
    ),
    "inputs": Message(
        "The inputs of a mutation by a key that may write may have {most} values in all; there are "
        "more.",
        "有写入权限的密钥执行变更时，全部输入最多有 {most} 个值，实际更多。",
    ),
    "depth": Message(
        "Fields may be nested {most} deep; these go deeper.",
        "字段最多嵌套 {most} 层，实际更深。",
    ),
    "introspection_depth": Message(
        "Introspection may be nested {most} deep; this goes deeper.",
        "内省查询最多嵌套 {most} 层，实际更深。",
    ),
    "introspection_lists": Message(
        "Introspection may ask for lists of fields within each other {most} deep; these go deeper.",
        "内省查询中的字段列表最多嵌套 {most} 层，实际更深。",
    ),
    "aliases": Message(
        "There may be {most} aliases and repeated fields, those of fragments each time they are "
        "spread; there are {found}.",
        "别名与重复字段最多 {most} 个（片段每展开一次都计入），实际为 {found}。",
    ),
    "directives": Message(
        "There may be {most} directives; there are {found}.",
        "指令最多 {most} 个，实际为 {found}。",
    ),
    "root_fields": Message(
        "There may be {most} fields at the root; there are {found}.",
        "根字段最多 {most} 个，实际为 {found}。",
    ),
    "mutation_fields": Message(
        "There may be {most} fields at the root of a mutation; there are {found}.",
        "变更操作的根字段最多 {most} 个，实际为 {found}。",
    ),
    "page": Message(
        "A list gives {most} at once at most; {found} were asked for.",
        "一个列表一次最多返回 {most} 条，请求的是 {found}。",
    ),
    "cost": Message(
        "A request may ask for {most} nodes, all its pages multiplied out; this one asks for "
        "{found}. Ask for smaller pages, or in several requests.",
        "一次请求最多涉及 {most} 个节点（逐层页长相乘），本次为 {found}。请减小页长或分多次请求。",
    ),
}

MAX_SHOWN = 10**12  # larger figures aren't shown to the digit


def limit_exceeded(name: str, most: int, found: int = 0) -> LimitExceeded:
    told = str(found) if found <= MAX_SHOWN else f"> {MAX_SHOWN}"
    said = [text.format(most=most, found=told) for text in LIMIT_MESSAGES[name]]
    return LimitExceeded(*said)


def utf8_length(text: str) -> int:
    """In UTF-8, without counting where the answer can't matter."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def check_string(text: str, most: int) -> None:
    """Raises LimitExceeded."""
    if len(text) * 4 > most and (found := utf8_length(text)) > most:
        raise limit_exceeded("string", most, found)
