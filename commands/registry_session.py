"""Helpers that run a command's work on the registry of the settings."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from commands.declaring import chosen_language
from feeds.demonstration_partners import add_demonstration_partners
from feeds.importing import ensure_embedded, prepare_registry, print_stderr
from kit.db.engine import open_engine, write_transaction
from kit.i18n import Message
from kit.security.encryption import EncryptionKeys, load_encryption_keys
from resolvers.personal.load_exclusions import ExclusionOptions
from settings import EMBEDDED_DATABASE, Settings, read_settings

WorkResult = TypeVar("WorkResult")
NOT_SCRUBBED_NOTICE = Message(
    "The database is being read: its log of writes still holds what was deleted. Run it again.",
    "数据库正被读取：其写入日志中仍有已删除的内容。请再次运行。",
)


def say(message: Message) -> None:
    """Print to standard error, in the language of the command line."""
    print_stderr(message.said(chosen_language()))


def run_on_registry(
    settings: Settings, work: Callable[[AsyncEngine], Awaitable[WorkResult]]
) -> WorkResult:
    """Run work with an engine. The embedded registry is created if it doesn't exist."""

    async def whole() -> WorkResult:
        engine = open_engine(settings.url)
        try:
            return await work(engine)
        finally:
            await engine.dispose()

    if settings.embedded:
        ensure_embedded(EMBEDDED_DATABASE)
    return asyncio.run(whole())


def run_with_partners(work: Callable[[AsyncConnection], Awaitable[WorkResult]]) -> WorkResult:
    """Run work in a write transaction. Raises Unavailable for another schema version."""
    settings = read_settings()

    async def whole(engine: AsyncEngine) -> WorkResult:
        await prepare_registry(engine)
        if settings.embedded:
            await add_demonstration_partners(engine)
        async with write_transaction(engine) as connection:
            return await work(connection)

    return run_on_registry(settings, whole)


def run_on_current(work: Callable[[AsyncEngine, Settings], Awaitable[WorkResult]]) -> WorkResult:
    """Run work after preparation. Raises Unavailable for another schema version."""
    settings = read_settings()

    async def prepared(engine: AsyncEngine) -> WorkResult:
        await prepare_registry(engine)
        return await work(engine, settings)

    return run_on_registry(settings, prepared)


def run_in_transaction(work: Callable[[AsyncConnection], Awaitable[WorkResult]]) -> WorkResult:
    async def whole(engine: AsyncEngine, settings: Settings) -> WorkResult:
        async with write_transaction(engine) as connection:
            return await work(connection)

    return run_on_current(whole)


def encryption_keys_of(settings: Settings) -> EncryptionKeys | None:
    """Return the keys of personal data; None if there are none."""
    return load_encryption_keys(settings.personal_key_settings, settings.embedded_key_file)


def exclusion_options(
    settings: Settings, brought_back: Sequence[str], without_marks: bool
) -> ExclusionOptions:
    return ExclusionOptions(encryption_keys_of(settings), frozenset(brought_back), without_marks)
