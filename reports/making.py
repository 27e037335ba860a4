"""From a question to a stored file: asked through the schema as its viewer, written once."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from graphql import GraphQLError
from sqlalchemy.ext.asyncio import AsyncEngine

from kit.errors import BadInput, quoted
from kit.language import Language, Sentence
from reports.declared import REPORTS, Argument, Declared
from reports.sheets import Book, Sheet
from reports.written import CSV, XLSX, written
from resolvers.access import Viewer
from resolvers.context import CHINA, Context
from resolvers.report import (
    VERSIONS,
    Kept,
    Wanted,
    allow,
    find,
    find_alike,
    keep,
    now,
    read_version,
    store,
    version_of,
)
from schema import schema

T = TypeVar("T")

BESIDE = ("version", "keep")  # what every report takes
LONGEST = 200  # characters of an argument
FORMS = (XLSX, CSV)
WHOSE = "viewer { organisation { name code } } registry { demonstration }"
INVENTED = Sentence(
    "Some records of this registry were invented for demonstration.",
    "本登记库含有为演示而虚构的记录。",
)


class NotAnswered(Exception):
    """What the schema says of the question: its errors, as they are told."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


@dataclass(frozen=True)
class Asked:
    declared: Declared
    form: str
    language: Language
    variables: dict[str, Any]
    version: str | None = None
    keep: bool = False  # it is to stay until the steward drops it

    @property
    def wanted(self) -> Wanted:
        whole = {"language": self.language.value, **self.variables}
        question = json.dumps(whole, ensure_ascii=False, sort_keys=True)
        return Wanted(self.declared.name, self.form, question)

    @property
    def stem(self) -> str:
        """Of a file's name, in letters that every machine takes."""
        told = [shown(value) for value in self.variables.values() if value not in (None, [])]
        plain = "-".join([self.declared.name, *told])
        return "".join(one if one.isalnum() and one.isascii() else "-" for one in plain)


def read(name: str, form: str, given: Mapping[str, str], language: Language) -> Asked | None:
    """None for a report that there isn't; raises BadInput for arguments that aren't its."""
    declared = REPORTS.get(name)
    if declared is None or form not in FORMS:
        return None
    known = {one.name: one for one in declared.arguments}
    for word in given:
        if word not in BESIDE and word not in known:
            names = ", ".join([*known, *BESIDE])
            raise BadInput(
                f"There is no argument {quoted(word)}: this report takes {names}.",
                f"没有参数 {quoted(word)}：此报表的参数为 {names}。",
            )
    variables = {one.name: value_of(one, given.get(one.name, one.least)) for one in known.values()}
    version = read_version(given["version"]) if "version" in given else None
    keep = given.get("keep", "false")
    if keep not in ("true", "false"):
        raise BadInput(
            f"`keep` is true or false; {quoted(keep)} was sent.",
            f"`keep` 应为 true 或 false，收到的是 {quoted(keep)}。",
        )
    return Asked(declared, form, language, variables, version, keep == "true")


def value_of(argument: Argument, text: str | None) -> Any:
    if text is None:
        raise BadInput(f"`{argument.name}` is missing.", f"缺少参数 `{argument.name}`。")
    if len(text) > LONGEST:
        raise BadInput(
            f"`{argument.name}` has {LONGEST} characters at most.",
            f"`{argument.name}` 最多 {LONGEST} 个字符。",
        )
    if argument.listed:
        return sorted({one.strip() for one in text.split(",")} - {""})
    if argument.type != "Int!":
        return text
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise BadInput(
            f"`{argument.name}` is a whole number; {quoted(text)} was sent.",
            f"`{argument.name}` 应为整数，收到的是 {quoted(text)}。",
        )
    return int(text)


async def report(
    engine: AsyncEngine,
    asked: Asked,
    viewer: Viewer,
    today: date,
    opened: Callable[[], Context],
    versions: int = VERSIONS,
) -> Kept | None:
    """As it is stored for this viewer, else made now and stored; None where there is none.

    Which version is the present one, only the answer tells: what was stored before is given again
    when it says the same. Raises Unauthenticated, Forbidden, LimitExceeded, NotAnswered,
    Unavailable.
    """
    allow(viewer)
    kept = await present(engine, asked, viewer, today, opened, versions)
    if kept is not None and asked.keep and not kept.is_kept:
        return await ended(keep(engine, asked.wanted, viewer, kept.version))
    return kept


async def present(
    engine: AsyncEngine,
    asked: Asked,
    viewer: Viewer,
    today: date,
    opened: Callable[[], Context],
    versions: int,
) -> Kept | None:
    if asked.version and (kept := await ended(find(engine, asked.wanted, viewer, asked.version))):
        return kept
    answer = await answered(asked, opened())
    version = version_of(answer, today)
    if answer[asked.declared.field] is None or asked.version not in (None, version):
        return None
    if kept := await ended(find_alike(engine, asked.wanted, viewer, version)):
        return kept
    made_at = now()
    content = written(book(asked, answer, viewer, version, made_at), asked.form)
    stored = store(engine, asked.wanted, viewer, version, made_at, content, versions)
    return await ended(stored)


async def ended(work: Coroutine[Any, Any, T]) -> T:
    """Short work, which goes on to its end though nobody waits any more.

    A connection that is just being opened can't be broken off without being lost.
    """
    return await asyncio.shield(asyncio.ensure_future(work))


async def answered(asked: Asked, context: Context) -> Any:
    declared = asked.declared
    typed = ", ".join(f"${one.name}: {one.type}" for one in declared.arguments)
    query = f"query Report({typed}) {{ {WHOSE} {declared.query} }}"
    async with context:
        result = await schema.ask(query, asked.variables, context)
    if result.errors:
        raise NotAnswered(result.errors)
    return result.data


def book(asked: Asked, answer: Any, viewer: Viewer, version: str, made_at: Any) -> Book:
    def say(one: Sentence) -> str:
        return one.said(asked.language)

    declared, found = asked.declared, answer[asked.declared.field]
    whose = answer["viewer"]["organisation"]
    filters = [
        f"{say(one.means)} = {shown(asked.variables[one.name])}"
        for one in declared.arguments
        if asked.variables[one.name] not in (None, [])
    ]
    told = {
        Sentence("Filter", "条件"): "; ".join(filters),
        Sentence("Made for", "使用方"): (
            f"{whose['name']} ({whose['code']})" if whose else viewer.name
        ),
        Sentence("Made at", "生成时间"): made_at.astimezone(CHINA).isoformat(" "),
        Sentence("Data version", "数据版本"): version,
        Sentence("Sources", "来源"): "; ".join(map(say, declared.sources(found))),
    }
    invented = answer["registry"]["demonstration"]
    notice = (say(Sentence("Notice", "提示")), say(INVENTED)) if invented else None
    sheets = [laid_out(one, say) for one in declared.sheets(found)]
    title = say(declared.title(found, asked.variables))
    return Book(title, [(say(name), text) for name, text in told.items()], sheets, notice)


def laid_out(sheet: Sheet, say: Callable[[Sentence], str]) -> Any:
    rows = [[say(one) if isinstance(one, Sentence) else one for one in row] for row in sheet.rows]
    return say(sheet.title), [say(one) for one in sheet.columns], rows


def shown(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)
